"""Where clips are made: processes on this machine, and (later) other machines."""
