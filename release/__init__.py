"""What makes a release: `python -m release` builds, describes and tries what would be published (`make release`)."""
