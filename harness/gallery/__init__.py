"""``morse view`` and ``morse quiz``: a data set as a web page, served on this machine or written to a folder."""
