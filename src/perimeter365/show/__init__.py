"""For people: page frame, parts of pictures, tables, findings. Knows no plan and no history: those draw themselves."""
