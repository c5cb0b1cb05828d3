"""The tour: whole exchanges, account to payment, as the people in them; each finds the next task in the own mails, notices and lists."""
