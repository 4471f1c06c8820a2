"""The dashboard: whether the data can be trusted today, and why not. One FastAPI application.

It runs in Airflow behind Airflow's login (plugins/newshouse_plugin.py), or alone on loopback behind a token
(`newshouse dashboard`). It reads the published database and the archive, and asks nothing of the network.

    app.py          the application: pages, static files, errors
    alone.py        `newshouse dashboard`: token, host check, server
    defence.py      headers, content policy, CSRF
    published.py    the published database, opened anew after each publish; sql/board.sql is counted ahead
    window.py       the days and sources that an address asks for
    table.py        what every question gives, and the one way to ask it; charts.py draws it, export.py writes it as CSV
    decisions.py    what people decide on the quarantine, carried out by the command line in a process of its own
    concerns.py     what is wrong now; verdict.py says it in one sentence
    pages/          one module a page: its questions and its route
    console/        the SQL console: untrusted SQL in processes that can be killed
    build/          makes static/echarts.js from the npm package
"""
