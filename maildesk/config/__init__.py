"""What we were told: maildesk.toml, people, rules/ and templates/, as frozen values.

Read once, validated whole, passed as an argument. All faults are reported together.
"""
