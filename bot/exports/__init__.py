"""Tables that people take away: workbooks for the office."""
