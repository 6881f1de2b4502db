"""Use cases, one gerund a file. They ask the store and the phone; they know no SQL, no adb and no window."""
