"""What people receive: national and authority lists, the month's page, the release."""
