"""What is written: the model, lines with file and line number, the tree, the words."""
