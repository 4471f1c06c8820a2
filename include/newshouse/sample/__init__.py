"""The sample newsroom: fictional publishers on loopback, so that the first run needs no network.

    articles/<publisher>/   what they write (YAML, a file a day) and how they publish it (publisher.yaml)
    templates/              their mark-up, one file of named parts each
    sources/                the source files that a run reads
    content, blocks, printed   the YAML as records, the little mark-up of its texts, dates in six languages
    edition                 what is on line on one day: a pure function of (epoch, clock date)
    page, structured, feeds, site   HTML, JSON-LD and meta, feeds and sitemaps, and the addresses they live at
    server                  HTTP on 127.0.0.1, as a proxy for the fictional hosts or by Host header
    truth                   what a correct run must find

Articles of day k are published on epoch + k and on line from epoch + k + 1 (UTC dates), k = 0 to 5. So a run on
epoch + 4 finds the days 0 to 3, and each of the next two days adds, changes and takes down some. People, firms and
agencies are made up.
"""
