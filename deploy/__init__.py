"""How ClusterXchange runs: on one machine (`local`), in containers, and what an operator looks at."""
