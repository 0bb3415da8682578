"""Read the other-endpoints page of Microsoft Learn, and compare it to the catalog.

    copy        a copy of the page from a file, stdin or an address, and its encoding
    reader      the tokens of each row of the page, in any language and form
    compare     the rows of the page, compared with the rows of the catalog

Source: https://learn.microsoft.com/en-us/microsoft-365/enterprise/additional-office365-ip-addresses-and-urls
"""
