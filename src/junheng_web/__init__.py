"""The platform: the campaign in the browser. Of the core it imports the api and the types below it."""
