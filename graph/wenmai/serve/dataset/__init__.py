"""The dataset as a whole: its description (VoID, DCAT, schema.org), the sitemap, and dumps."""
