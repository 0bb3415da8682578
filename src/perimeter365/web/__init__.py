"""The service: a mirror of the web service, feeds, PAC files.

    question    what a request asks for, in one spelling: requests with the same question have the same answer
    edition     all that is served between two changes; immutable, so that no answer mixes two versions
    rooms       `mirror`, `extended`, `feeds`, `pac`: each reads requests into questions and answers them from an edition
    service     loads editions, watches the store, and announces a version when every replica serves it
    app         the application (RSGI) over a service; `serving` runs it

`publish` writes the answers of one edition as files.
"""
