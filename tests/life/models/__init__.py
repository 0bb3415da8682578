"""Models of devices: each rule names the vendor's page that it follows."""
