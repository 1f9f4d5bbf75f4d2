"""What outlives a process: durable answers, questions asked, call ids found."""
