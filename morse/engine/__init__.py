"""Where clips are made: processes on this machine, a Ray cluster, or jobs of any scheduler."""
