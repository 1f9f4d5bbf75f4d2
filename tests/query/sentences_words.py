"""Sentences about words: names made of them, what “about” introduces, “not”, ids as they are pasted."""

# ruff: noqa: E501, RUF001
# A table reads best with one sentence a line; ids are pasted with typographic signs.

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
agent = Support EN                                             | "agent=Support EN"
whose agent is Sales                                           | agent=Sales
for both Support EN and Sales                                  | "agent=Support EN and Sales"
for Support but not Sales                                      | "agent=Support and not Sales"
for Support EN mentioning refund                               | "agent=Support EN" search=refund
for Support EN containing "money back"                         | "agent=Support EN" "search=money back"
for Support EN regarding refund                                | "agent=Support EN" search=refund
for Support EN lst week                                        | "agent=Support EN" since=2026-11-09 until=2026-11-16
failed calls for Suport EN sinc monday                         | "agent=Suport EN" result=failure since=2026-11-16
for Support EN untl friday                                     | "agent=Support EN" until=2026-11-14
for Support fro yesterday                                      | agent=Support since=2026-11-18 until=2026-11-19 unknown=fro
for Support EN sice                                            | "agent=Support EN" unknown=sice
for sales toda                                                 | agent=sales since=2026-11-19 until=2026-11-20
for Support EN faild                                           | "agent=Support EN" result=failure
about late delivery sinc monday                                | "search=late delivery" since=2026-11-16
tagged vip sinc monday                                         | since=2026-11-16 tag=vip
for Support Rom today                                          | "agent=Support Rom" since=2026-11-19 until=2026-11-20
for Sales Marc                                                 | "agent=Sales Marc"
for Will Reed on monday                                        | "agent=Will Reed" since=2026-11-16 until=2026-11-17
for Support EN per day                                         | "agent=Support EN" show=calls by=day
failed calls for all support agents                            | result=failure "agent=all support agents"
all of the support agents yesterday                            | "agent=all of the support agents" since=2026-11-18 until=2026-11-19
for every sales agent                                          | "agent=every sales agent"
calls for the support agents                                   | "agent=support agents"
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
search refund                                                  | search=refund
about call quality                                             | "search=call quality"
who asked for a refund                                         | "search=a refund"
complaining about delivery yesterday                           | search=delivery since=2026-11-18 until=2026-11-19
search failed calls                                            | result=failure
find refund                                                    | unknown=refund
transcript contains refund                                     | search=refund
what about german                                              | lang=de
calls about it                                                 | problem="“about it” names nothing"
calls about them yesterday                                     | problem="“about them” names nothing"
what is this about                                             | problem="“about” names nothing"
calls about                                                    | problem="“about” names nothing"
complaining about it                                           | problem="complaining about"
tell me about it                                               | special=help
about those that failed                                        | result=failure
a report about all failed calls                                | result=failure
show me about 20 failed calls                                  | limit=20 result=failure
"""

TOOLS = r"""
any tool failed                                                | problem=tool-failed:
where any tool failed                                          | problem=tool-failed:
where a tool failed                                            | problem=tool-failed:
calls with tool errors                                         | problem=tool-failed:
tool failures                                                  | problem=tool-failed:
failed tool calls                                              | problem=tool-failed:
used any tool                                                  | problem=tool:NAME
without tools                                                  | problem=tool:NAME
where lookup_order failed                                      | tool-failed=lookup_order
lookup_order worked                                            | tool-succeeded=lookup_order
where lookup_order was used                                    | tool=lookup_order
lookup_order was called                                        | tool=lookup_order
calls that called lookup_order                                 | tool=lookup_order
without the refund tool                                        | "tool=not refund"
without tool refund                                            | "tool=not refund"
using german                                                   | lang=de
"""

NOT_AND_OR = r"""
!failed                                                        | "result=not failure"
!german                                                        | "lang=not de"
!lang:de                                                       | "lang=not de"
-failed                                                        | "result=not failure"
-german calls yesterday                                        | "lang=not de" since=2026-11-18 until=2026-11-19
-faild                                                         | unknown=-faild
-xyzzy                                                         | unknown=-xyzzy
failed! german!                                                | result=failure lang=de
german/french                                                  | lang=de,fr
failed/unknown                                                 | result=failure,unknown
inbound/outbound                                               | direction=inbound,outbound
phone/whatsapp calls                                           | source=phone,whatsapp
for Sales/Support                                              | agent=Sales/Support
both failed and successful                                     | result=failure,success
failed, unknown                                                | result=failure,unknown
failed successful                                              | problem=both
twilio phone calls                                             | source=twilio
phone calls from twilio                                        | source=twilio
phone or twilio                                                | source=phone,twilio
phone calls not from twilio                                    | "source=phone and not twilio"
phone calls from whatsapp                                      | problem=both
from the website widget                                        | source=widget
calls we made yesterday                                        | direction=outbound since=2026-11-18 until=2026-11-19
calls we received yesterday                                    | direction=inbound since=2026-11-18 until=2026-11-19
-sort:oldest                                                   | problem="newest first"
-limit:50                                                      | problem="how many calls at most"
success:no                                                     | result=failure
successful:yes                                                 | result=success
result:no                                                      | unknown=result:no
source:foo                                                     | unknown=source:foo
tool:refund,-cancel                                            | problem=-tool:cancel
tool:"-cancel"                                                 | tool=-cancel
app calls                                                      | source=app
"""

HOW_MANY = r"""
first:10                                                       | limit=10 sort=oldest
last:10                                                        | limit=10
1. failed calls                                                | result=failure
2) german calls                                                | lang=de
3. november                                                    | since=2026-11-03 until=2026-11-04
latest failed call                                             | limit=1 result=failure
most recent failed call                                        | limit=1 result=failure
last failed call                                               | limit=1 result=failure
last whatsapp call                                             | limit=1 source=whatsapp
first failed call today                                        | limit=1 sort=oldest result=failure since=2026-11-19 until=2026-11-20
last successful call for Support EN                            | limit=1 result=success "agent=Support EN"
one failed call                                                | limit=1 result=failure
five failed calls                                              | limit=5 result=failure
last five failed calls                                         | limit=5 result=failure
latest failed calls                                            | result=failure
"""

IDS = r"""
"conv_8401k9abcdefghij"                                        | id=conversation_id:conv_8401k9abcdefghij
'conv_8401k9abcdefghij'                                        | id=conversation_id:conv_8401k9abcdefghij
"conversation_id": "conv_8401k9abcdefghij",                    | id=conversation_id:conv_8401k9abcdefghij
{"call_sid": "CA0123456789abcdef0123456789abcdef"}             | id=call_sid:CA0123456789abcdef0123456789abcdef
‹conv_8401k9abcdefghij›                                        | id=conversation_id:conv_8401k9abcdefghij
<conv_8401k9abcdefghij>                                        | id=conversation_id:conv_8401k9abcdefghij
CA0123456789abcdef0123456789abcdef/conv_8401k9abcdefghij       | id=call_sid:CA0123456789abcdef0123456789abcdef id=conversation_id:conv_8401k9abcdefghij
ca0123456789abcdef0123456789abcdef                             | id=call_sid:CA0123456789abcdef0123456789abcdef
CA0123456789abcdef0123456789abcde                              | problem="this one has 31"
failed CA0123456789abcdef0123456789abcdef0                     | problem="this one has 33"
call:CA0123456789abcdef0123456789abcdef0                       | problem="this one has 33"
CA0123456789abcdefO123456789abcdef                             | problem=“O”
"CA0123456789abcdef0123456789abcde"                            | problem="this one has 31"
for Support EN CA0123456789abcdef0123456789abcde               | problem="this one has 31"
conv_                                                          | problem="only the beginning"
id:conv_                                                       | problem="only the beginning"
call:CA0123                                                    | id=call_sid:CA0123
about "conv_8401k9abcdefghij"                                  | search=conv_8401k9abcdefghij
"""

NOT_OFFERED = r"""
data:order_id = 123                                            | data=order_id=123
data:amount > 100 since monday                                 | data=amount>100 since=2026-11-16
has feedback                                                   | feedback=yes
no feedback                                                    | problem=feedback
caller:+4930123456                                             | problem="phone number"
caller:4711                                                    | user=4711
user:+4930123456                                               | user=+4930123456
calls from +49 30 123456                                       | number=+4930123456
calls from 0170 1234567 this week                              | number=01701234567 since=2026-11-16 until=2026-11-23
number:+491701234567 failed                                    | number=+491701234567 result=failure
voicemail                                                      | problem=ended:
ended by voicemail                                             | ended=voicemail
hung up                                                        | problem=ended:
transferred to a human                                         | problem=tool:
missed calls                                                   | problem=status:failed
cost over 100                                                  | problem=Cost
more than 1 dollar                                             | problem=Cost
calls with more than 10 messages                               | problem=message_count
success score below 50                                         | problem=rating
thanks                                                         | special=thanks
thank you!                                                     | special=thanks
good calls                                                     | unknown=good
ok                                                             | special=help
again                                                          | special=help
...                                                            | special=help
how many agents                                                | special=agents
"""

RESULTS_AND_STATUSES = r"""
incomplete calls                                               | "status=not done"
unfinished calls yesterday                                     | "status=not done" since=2026-11-18 until=2026-11-19
not incomplete                                                 | status=done
calls that were not finished                                   | "status=not done"
calls not rated 2 or less                                      | "rating=not <=2"
with an unsuccessful outcome                                   | result=failure
calls with a good result                                       | result=success
failed or incomplete                                           | problem=“or”
failed or errored calls                                        | result=failure unknown=errored
initiated calls                                                | unknown=initiated
result:error                                                   | result=error
result:failure,error                                           | problem="result:error by itself"
failed or result:error                                         | problem="result:error by itself"
-result:error                                                  | problem="result:error by itself"
not result:error                                               | problem="result:error by itself"
-result:failure,error                                          | problem="result:error by itself"
"""

WORDS = RESULTS_AND_STATUSES + NAMES + TOPICS + TOOLS + NOT_AND_OR + HOW_MANY + IDS + NOT_OFFERED
