"""The list of dialogues: its model, how a row is painted, and the pane with filter and chips."""
