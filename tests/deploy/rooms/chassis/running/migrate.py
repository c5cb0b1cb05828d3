"""A migration that makes one table."""

import os

import psycopg2

if __name__ == "__main__":
    with psycopg2.connect(os.environ["DATABASE_URL"].replace("+psycopg2", "")) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS journal (id integer)")
