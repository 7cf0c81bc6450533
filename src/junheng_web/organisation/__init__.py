"""Who may do what where: areas, units, posts, appointments, schools, accounts, permissions, events, jobs, audit."""
