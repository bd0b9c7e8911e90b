"""The pages behind signed links, and health: GET shows, only POST decides (DESIGN §9)."""
