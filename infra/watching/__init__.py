"""How Trailbell is watched: alarms, dashboard, heartbeat, saved queries."""
