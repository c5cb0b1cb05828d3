"""The index under measure: many participants made from a seed, and other engines beside it, asked the same in the same run."""
