"""Programs as code: one file per language, each a table of spellings and a short loop."""
