"""For people: page frame, parts of pictures, tables. Knows no plan and no history: those draw themselves."""
