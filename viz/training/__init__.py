"""``play_training``: a small network learns, as a page on which each recorded step can be looked at.

The training runs in Python and is recorded; the page only shows it. assets/network.js draws a network, here and in
docs/playground. This room may import player, charts and words, and nn where a network is trained.
Begin with playing.py. It calls recording.py, which trains, and page.py, which puts all into one file.
"""
