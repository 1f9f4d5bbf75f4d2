"""Sentences about words: names made of them, what “about” introduces, “not”, ids as they are pasted."""

# ruff: noqa: E501
# A table reads best with one sentence a line.

NAMES = r"""
calls for Will                                                 | agent=Will
calls for Export                                               | agent=Export
for Open Table                                                 | "agent=Open Table"
for Check In yesterday                                         | "agent=Check In" since=2026-11-18 until=2026-11-19
for The Agent                                                  | "agent=The Agent"
for Team A yesterday                                           | "agent=Team A" since=2026-11-18 until=2026-11-19
for Booking Bot                                                | "agent=Booking Bot"
for Test Agent                                                 | "agent=Test Agent"
from the Test Agent                                            | "agent=Test Agent"
give me the calls for export                                   |
calls for all agents                                           |
for Support EN. Please send the csv                            | "agent=Support EN"
for Support EN, Sales and Billing                              | "agent=Sales and Billing,Support EN"
agents: Support EN, Sales                                      | "agent=Sales,Support EN"
agent:'Support EN'                                             | "agent=Support EN"
agent:'Support EN','Sales'                                     | "agent=Sales,Support EN"
for both Support EN and Sales                                  | "agent=Support EN and Sales"
for Support but not Sales                                      | "agent=Support and not Sales"
for Support EN mentioning refund                               | "agent=Support EN" search=refund
for Support EN containing "money back"                         | "agent=Support EN" "search=money back"
for Support EN regarding refund                                | "agent=Support EN" search=refund
for Support EN lst week                                        | "agent=Support EN" unknown=lst unknown=week
for Support EN per day                                         | "agent=Support EN" unknown=per unknown=day
calls where agent was interrupted                              | unknown=agent unknown=interrupted
tagged vip, gold                                               | tag=gold,vip
tagged vip but not gold                                        | "tag=vip and not gold"
"""

TOPICS = r"""
about whatsapp                                                 | search=whatsapp
about phone                                                    | search=phone
about the phone line                                           | "search=the phone line"
about our website                                              | "search=our website"
about German                                                   | search=German
about german refunds                                           | "search=german refunds"
about live chat                                                | "search=live chat"
about outbound calls                                           | search=outbound
about tool failures                                            | "search=tool failures"
about oldest                                                   | search=oldest
about count                                                    | search=count
about history                                                  | search=history
about whatsapp and sms                                         | "search=whatsapp and sms"
mentioning whatsapp                                            | search=whatsapp
failed calls about outbound since monday                       | result=failure search=outbound since=2026-11-16
about refund in german                                         | search=refund lang=de
about 5 stars                                                  | problem="two ways"
about yesterday                                                | problem="two ways"
tell me about failed calls                                     | result=failure
what about german                                              | lang=de
show me about 20 failed calls                                  | limit=20 result=failure
"""

WORDS = NAMES + TOPICS
