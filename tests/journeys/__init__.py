"""The whole system over HTTP: what people do from the account to the payment, and every gate that holds them back."""
