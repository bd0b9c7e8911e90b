"""Schema migrations, run by `maildesk upgrade`."""
