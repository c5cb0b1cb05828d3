"""People at a browser: Debian's Chromium on the pages of a running system."""
