"""Evidence -> one outcome a unit and window -> a status with its reason; what stops publication, and why."""
