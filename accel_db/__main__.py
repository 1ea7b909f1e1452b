"""``python -m accel_db`` is ``accel``."""

from accel_db.cli.door import main

main()
