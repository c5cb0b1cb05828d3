"""What partnership systems are promised: the events they receive, in an envelope and with data of their own.

Services tell each other more than partnership systems need. Each type that a partnership receives is therefore promised here once
more, with ids, times and amounts only; what concerns money goes to the visitor's partnership alone.
"""
