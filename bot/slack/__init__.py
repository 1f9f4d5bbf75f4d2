"""The edge to Slack: what comes in becomes a Request, what goes out is delivered through Slack's Web API."""
