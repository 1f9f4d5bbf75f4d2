"""Sentences as people type them in a hurry: short forms, hyphens, phones, English that is not their first.

The lines are those of `sentences`; those of `TYPED_WITH_AGENTS` are read where the agents are known.
"""

# ruff: noqa: E501
# A table reads best with one sentence a line.

TYPED = r"""
# short forms, hyphens and slashes
calls w/ errors                                                | unknown=errors
failed calls w/o rating                                        | result=failure rating=none
calls w/feedback today                                         | feedback=yes since=2026-11-19 until=2026-11-20
calls b/w 9:00 and 11:00                                       | since=2026-11-19T09:00 until=2026-11-19T11:00
frm monday                                                     | since=2026-11-16
frm 9 to 11                                                    | problem="write hours"
top-5 longest calls                                            | limit=5 sort=longest
last-7-days                                                    | since=2026-11-12T14:30
this-month                                                     | since=2026-11-01 until=2026-12-01
failed-calls since monday                                      | result=failure since=2026-11-16
over-5-minutes                                                 | duration=>300
calls follow-up                                                | unknown=follow-up
calls in oct/nov                                               | since=2026-10-01 until=2026-12-01
mon/tue                                                        | since=2026-11-16 until=2026-11-18
nov/2025                                                       | since=2025-11-01 until=2025-12-01
16/11-18/11                                                    | since=2026-11-16 until=2026-11-19
16/11/2026-18/11/2026                                          | since=2026-11-16 until=2026-11-19
16-18/11                                                       | since=2026-11-16 until=2026-11-19
# numbers of callers
(415) 555-0134                                                 | number=(415)555-0134
calls from 415.555.0134                                        | number=415.555.0134
calls from 4155550134                                          | number=4155550134
calls from 415 555 0134                                        | number=4155550134
4155550134                                                     | unknown=4155550134
# what was from some days ago is of those days
calls from 2 days ago                                          | since=2026-11-17 until=2026-11-18
orders from 2 days ago                                         | unknown=orders since=2026-11-17 until=2026-11-18
calls from 2 weeks ago                                         | since=2026-11-02 until=2026-11-09
calls from 3 hours ago                                         | since=2026-11-19T11:30
calls from 2 days ago on                                       | since=2026-11-17T14:30
calls since 2 days ago                                         | since=2026-11-17T14:30
from 3 days ago to yesterday                                   | since=2026-11-16 until=2026-11-19
# words that end a talk
thanks!                                                        | special=thanks
great, thanks                                                  | special=thanks
no thanks                                                      | special=thanks
thanks, and last week?                                         | since=2026-11-09 until=2026-11-16
good morning                                                   | special=help
# several numbers of stars
rated 1, 2 or 3                                                | rating=1..3
rating:1,5                                                     | rating=1,5
not rated 1 or 5                                               | "rating=not 1,5"
rated 3 and 5 minutes long                                     | rating=3 duration=300
rated 1 and over 5 minutes                                     | rating=1 duration=>300
rated 1 or 1000000                                             | problem="from 1 to 5"
# what rows do not tell
calls with data                                                | problem="data:order_id"
calls without collected data                                   | problem="data:order_id"
angry callers this week                                        | problem="rated 2 or less" since=2026-11-16
calls with status in-progress                                  | status=in-progress
# what people asked who had not read the page
calls with a rating of 1 or a rating of 2                      | rating=1..2
rated 1 or rated 5                                             | rating=1,5
shorter than 30s or longer than 10 min                         | problem="asked for twice"
which calls had neither feedback nor rating                    | problem="“feedback” cannot be excluded"
calls that don't have a rating                                 | rating=none
calls where lookup_order failed at least once                  | tool-failed=lookup_order
calls with at least one failed tool                            | problem="which tool"
lasted at least one minute                                     | duration=>=60
status not done                                                | "status=not done"
rating not 5                                                   | "rating=not 5"
language not english                                           | "lang=not en"
agents not used last month                                     | problem="calls by agent" since=2026-10-01 until=2026-11-01
calls didnt fail                                               | "result=not failure"
failed calls exept german                                      | result=failure "lang=not de"
withot german                                                  | "lang=not de"
shipping calls                                                 | unknown=shipping
faild call last 2 week                                         | result=failure since=2026-11-05T14:30
calls longer as 5 minutes                                      | duration=>300
calls long than 10 min                                         | duration=>600
top20 longest                                                  | limit=20 sort=longest
last7days                                                      | since=2026-11-12T14:30
room101                                                        | unknown=room101
last 3 full weeks                                              | since=2026-10-26 until=2026-11-16
last three complete months by month                            | show=calls by=month since=2026-08-01 until=2026-11-01
last full quarter                                              | since=2026-07-01 until=2026-10-01
last 5 full calls                                              | limit=5
last night after 11pm                                          | since=2026-11-18T23:00 until=2026-11-19T06:00
last night before 9pm                                          | since=2026-11-18T18:00 until=2026-11-18T21:00
calls between 10 till 17 november                              | since=2026-11-10 until=2026-11-18
w/e 15 nov                                                     | since=2026-11-09 until=2026-11-16
monthly cost 2026                                              | show=cost by=month since=2026-01-01 until=2027-01-01
all calls 2026 limit:all                                       | limit=all since=2026-01-01 until=2027-01-01
ticket 2026                                                    | unknown=ticket unknown=2026
last hour vs the hour before                                   | show=calls since=2026-11-19T13:30 compare=previous
calls since launch                                             | unknown=launch
is anyone on a call now                                        | status=in-progress
did anyone call yesterday                                      | since=2026-11-18 until=2026-11-19
calls i made                                                   | direction=outbound
calls where the customer called again                          | problem="one caller may have called several times"
calls from the same caller                                     | problem="one caller may have called several times"
how did the failed calls end last week                         | show=calls by=ended result=failure since=2026-11-09 until=2026-11-16
how many failed and how many succeeded                         | show=calls by=result result=failure,success
did failures go up since yesterday                             | show=calls by=day result=failure since=2026-11-18
how many calls and how much did we spend last month            | show=cost since=2026-10-01 until=2026-11-01
cost and how many minutes by agent                             | show=cost,total-duration by=agent
agents by rating                                               | show=rating by=agent
languages spoken last month                                    | show=calls by=language since=2026-10-01 until=2026-11-01
tools used last week                                           | show=calls by=tool since=2026-11-09 until=2026-11-16
avg cost per successful call                                   | show=average-cost result=success
what did calls cost on average in october                      | show=average-cost since=2026-10-01 until=2026-11-01
how long is an average call                                    | show=average-duration
first call resolution                                          | problem="one caller may have called several times"
last one and a half hours                                      | since=2026-11-19T13:00
help please                                                    | special=help
agents please                                                  | special=agents
"""

TYPED_WITH_AGENTS = r"""
compare Support EN and Support DE                              | show=calls,success-rate,median-duration,cost,rating by=agent "agent=Support DE,Support EN"
how many calls Sales vs Booking.com                            | show=calls by=agent agent=Booking.com,Sales
failed calls Sales vs Booking.com                              | show=calls by=agent agent=Booking.com,Sales result=failure
Will failed calls                                              | agent=Will result=failure
Will yesterday                                                 | agent=Will since=2026-11-18 until=2026-11-19
Will we get more calls                                         | unknown=more problem=forecast
calls w/Support EN                                             | "agent=Support EN"
"""
