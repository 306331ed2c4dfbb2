"""What shows by its form what it is: numbers of people, papers, addresses, marks of secrecy."""
