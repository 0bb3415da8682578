"""What changed over time, to look at: lanes and marks, as a picture, a page and lines of a terminal."""
