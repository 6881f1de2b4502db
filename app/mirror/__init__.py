"""The reconciler: from windows without ids to one exact history. Pure: no I/O, no clock."""
