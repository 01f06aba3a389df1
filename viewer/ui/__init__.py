"""Everything seen: the window, its panes and prompts. Qt stands here and nowhere else."""
