"""Sentences that trying things out brought up, after the table in `sentences` was written."""

# ruff: noqa: E501
# A table reads best with one sentence a line.

FOUND_LATER = r"""
between 9 and 3 november                                       | problem="3 November comes before 9 November"
from 9 to 3 november                                           | problem="end is before the beginning"
9-3 november                                                   | problem="end is before the beginning"
between 9 november and 3 november                              | problem="end is before the beginning"
between 9 november and 3 november 2026                         | problem="write both with their year"
since 9 november until 3 november                              | problem="end is before the beginning"
since 9 november 2026 until 3 november                         | problem="before 9 November 2026"
between 9 november 9am and 3 november 5pm                      | problem="end is before the beginning"
from november to september                                     | problem="September comes before November"
from the 9th to the 3rd                                        | problem="day 3 comes before day 9"
from the 25th to the 3rd                                       | since=2026-10-25 until=2026-11-04
from december to january                                       | since=2025-12-01 until=2026-02-01
20 december to 5 january                                       | since=2025-12-20 until=2026-01-06
from 9 november 2025 to 3 november                             | since=2025-11-09 until=2026-11-04
from q4 to q1                                                  | since=2026-10-01 until=2027-04-01
between 3pm and 5pm yesterday                                  | since=2026-11-18T15:00 until=2026-11-18T17:00
between 3 and 5pm yesterday                                    | since=2026-11-18T15:00 until=2026-11-18T17:00
between 5pm and midnight yesterday                             | since=2026-11-18T17:00 until=2026-11-19
between 5pm and 3pm yesterday                                  | problem="15:00 comes before 17:00"
yesterday from 5pm to 3pm                                      | problem="15:00 comes before 17:00"
from 10pm to 2am                                               | problem="name both days"
november 1st until november 15th                               | since=2026-11-01 until=2026-11-16
Nov 1 - Nov 15                                                 | since=2026-11-01 until=2026-11-16
monday to wednesday                                            | since=2026-11-16 until=2026-11-19
mon-wed                                                        | since=2026-11-16 until=2026-11-19
between last monday and last friday                            | since=2026-11-09 until=2026-11-14
between monday 9am and tuesday 5pm                             | since=2026-11-16T09:00 until=2026-11-17T17:00
on or after 2026-11-03                                         | since=2026-11-03
on or before 2026-11-03                                        | until=2026-11-04
as of monday                                                   | since=2026-11-16
from monday onwards                                            | since=2026-11-16
yesterday and today                                            | since=2026-11-18 until=2026-11-20
today or yesterday                                             | since=2026-11-18 until=2026-11-20
monday and wednesday                                           | problem=adjoin
before 9am today                                               | since=2026-11-19 until=2026-11-19T09:00
after 3pm yesterday                                            | since=2026-11-18T15:00 until=2026-11-19
yesterday until noon                                           | since=2026-11-18 until=2026-11-18T12:00
at 9am                                                         | problem=“since”
15 november 2025 at 10:00                                      | problem=moment
week 45                                                        | since=2026-11-02 until=2026-11-09
KW 45                                                          | since=2026-11-02 until=2026-11-09
2026-W45                                                       | since=2026-11-02 until=2026-11-09
since the beginning of the month                               | since=2026-11-01
until the end of october                                       | until=2026-11-01
month to date                                                  | since=2026-11-01 until=2026-12-01
20261103                                                       | since=2026-11-03 until=2026-11-04
11/2025                                                        | since=2025-11-01 until=2025-12-01
more than 7 days ago                                           | until=2026-11-12T14:30
older than 2 weeks                                             | until=2026-11-05T14:30
feb 29                                                         | since=2024-02-29 until=2024-03-01
weekdays                                                       | problem=repeats
everything but german                                          | "lang=not de"
all but whatsapp                                               | "source=not whatsapp"
not german or french                                           | "lang=not de,fr"
not german but french                                          | lang=fr
non-german                                                     | "lang=not de"
neither german nor french                                      | "lang=not de,fr"
failed or inbound                                              | problem=“or”
no, show me the failed ones                                    | result=failure
calls longer than 300                                          | problem=unit
5+ minutes                                                     | duration=>=300
not longer than 5 minutes                                      | duration=<=300
not between 1 and 5 minutes                                    | "duration=not 60..300"
rated 4 or 5                                                   | rating=4..5
4+ stars                                                       | rating=>=4
rating:1,2                                                     | rating=1..2
low rating                                                     | problem=number
tagged vip or gold                                             | tag=gold,vip
that used the refund tool and the cancel tool                  | "tool=cancel and refund"
used tool refund or cancel                                     | tool=cancel,refund
that did not use the refund tool                               | "tool=not refund"
where the order lookup tool failed                             | "tool-failed=order lookup"
who called today?                                              | since=2026-11-19 until=2026-11-20
for agent "A", "B"                                             | agent=A,B
failed calls of the Support agent                              | result=failure agent=Support
calls except those for Support EN                              | "agent=not Support EN"
for Phone Support                                              | "agent=Phone Support"
search for "late delivery" last week                           | "search=late delivery" since=2026-11-09 until=2026-11-16
where the customer said cancel my subscription                 | "search=cancel my subscription"
sorted by date                                                 |
last 20 failed calls, oldest first                             | problem=oldest
please show me the last 20 failed calls for Support EN in German from last month | limit=20 result=failure "agent=Support EN" lang=de since=2026-10-01 until=2026-11-01
show failed calls, but only for Support EN                     | result=failure "agent=Support EN"
I need all the calls where the customer was rated 1 star yesterday | rating=1 since=2026-11-18 until=2026-11-19
calls by user abc@example.com                                  | user=abc@example.com
ended by the user                                              | ended=user
failed status                                                  | status=failed
find call CA0123456789abcdef0123456789abcdef                   | id=call_sid:CA0123456789abcdef0123456789abcdef
id:abc                                                         | id=conversation_id:abc
call:12345                                                     | id=sip_call_id:12345
Support EN failed today                                        | result=failure since=2026-11-19 until=2026-11-20 unknown=EN unknown=Support
winter                                                         | unknown=winter
calls in progress for more than 30 minutes                     | status=in-progress until=2026-11-19T14:00
calls stuck for over 2 hours                                   | status=in-progress until=2026-11-19T12:30
still running for 45 minutes                                   | status=in-progress until=2026-11-19T13:45
# what ranks the groups is what was said
best hour by calls this month                                  | since=2026-11-01 until=2026-12-01 show=calls by=hour
best agent by csat                                             | show=rating by=agent
worst day by calls last week                                   | show=calls by=day sort=lowest since=2026-11-09 until=2026-11-16
worst hours for failures this week                             | result=failure show=calls by=hour since=2026-11-16 until=2026-11-23
top reasons for failure by calls                               | result=failure show=calls by=ended
busiest agent by minutes                                       | show=total-duration by=agent
# two clock times are hours, unless a word makes them a length
calls from 9:00 and 11:00 today                                | problem=moment
calls yesterday betwen 9:00 and 11:00                          | since=2026-11-18T09:00 until=2026-11-18T11:00
calls lasting 9:00 to 11:00                                    | duration=540..660
call length between 2:00 and 5:00                              | duration=120..300
# a month has several weekends
weekend calls this month                                       | problem=weekends
weekend failures last month                                    | problem=weekends
calls on the weekend of last week                              | since=2026-11-14 until=2026-11-16
this weeks failures by agent                                   | result=failure show=calls by=agent since=2026-11-16 until=2026-11-23
# how it went
how is billing doing                                           | show=overview agent=billing
how did billing do last week                                   | show=overview agent=billing since=2026-11-09 until=2026-11-16
how did the calls do yesterday                                 | show=overview since=2026-11-18 until=2026-11-19
how was yesterday                                              | show=overview since=2026-11-18 until=2026-11-19
how was the failure rate yesterday                             | show=failure-rate since=2026-11-18 until=2026-11-19
are we doing better than last week                             | show=overview since=2026-11-16 until=2026-11-23 compare=previous
how come so many calls failed                                  | problem=why
what are the main reasons calls failed last week               | result=failure show=calls by=ended since=2026-11-09 until=2026-11-16
# what is not there is said with the next step
calls with bad ratings                                         | problem="rated 2 or less"
abandoned calls                                                | problem="hung up"
email me failed calls                                          | problem=e-mail
calls about email                                              | search=email
show me the transcript of the last call                        | problem="Open a call" limit=1
recordings of failed calls                                     | problem="Open a call" result=failure
give me the transcript of conv_8401k9abcdefghij                | id=conversation_id:conv_8401k9abcdefghij
what can I ask                                                 | special=help
# a share with a result and something else may be of either
percentage of german calls that failed                         | problem="failure rate of german calls"
what share of whatsapp calls succeeded last week               | problem="share of german calls"
failure rate of german calls                                   | show=failure-rate lang=de
# without its apostrophe it may be one or several
last weeks failed calls                                        | result=failure problem="last week"
last months cost                                               | show=cost problem="last month"
last month's cost                                              | show=cost since=2026-10-01 until=2026-11-01
last 2 weeks by day                                            | show=calls by=day since=2026-11-05T14:30
# a noun before “by” and itself again, what is better, what comes too often
calls day by day last week                                     | by=day show=calls since=2026-11-09 until=2026-11-16
failures week by week                                          | by=week result=failure show=calls
calls month by month this year                                 | by=month show=calls since=2026-01-01 until=2027-01-01
is anything wrong                                              | result=failure
anything wrong today?                                          | result=failure since=2026-11-19 until=2026-11-20
what's wrong                                                   | result=failure
slowest response                                               | problem="not in the rows of calls"
first response time                                            | problem="not in the rows of calls"
reasons for failure with the best success rate                 | problem="reason for failure is better"
which agents have a success rate below 80%                     | problem="cannot be chosen by their numbers"
which agent is better                                          | by=agent show=success-rate
failed calls every 15 minutes                                  | problem="on days at a time"
failed calls every two weeks                                   | problem="on days at a time"
every other monday                                             | problem="on days at a time"
failed calls every morning                                     | problem="on days at a time"
calls every hour yesterday                                     | by=hour show=calls since=2026-11-18 until=2026-11-19
longesr call today                                             | limit=1 sort=longest since=2026-11-19 until=2026-11-20
smumary of yesterday                                           | show=overview since=2026-11-18 until=2026-11-19
what's up                                                      | special=help
calls from +49 30 1234567 1-15 nov                             | number=+49301234567 since=2026-11-01 until=2026-11-16
calls from +49 30 1234567 11/13/2026                           | number=+49301234567 since=2026-11-13 until=2026-11-14
calls from +33 1 23 45 67 89 yesterday                         | number=+33123456789 since=2026-11-18 until=2026-11-19
calls from +1 415-555-0134 nov 3                               | number=+1415-555-0134 since=2026-11-03 until=2026-11-04
# hours beside a part of a day; alone they are asked back
this morning before 9                                          | since=2026-11-19 until=2026-11-19T09:00
yesterday evening until 9                                      | since=2026-11-18T18:00 until=2026-11-18T21:00
yesterday afternoon after 3                                    | since=2026-11-18T15:00 until=2026-11-18T18:00
yesterday morning after 9                                      | since=2026-11-18T09:00 until=2026-11-18T12:00
yesterday evening after 9                                      | since=2026-11-18T21:00 until=2026-11-19
failed calls since 9                                           | result=failure problem="9am"
calls at 9 for Sales                                           | agent=Sales problem="9am"
until 14                                                       | problem="14:00"
after 5 calls                                                  | limit=5 unknown=after
# an amount beside a time that begins after it would say nothing
1.5 years                                                      | since=2025-05-21T02:30
1.5 year oct-31                                                | problem="Two times are named"
2.5 years yesterday                                            | problem="Two times are named"
failed calls yesterday 7 days                                  | result=failure problem="Two times are named"
24h yesterday                                                  | since=2026-11-18T14:30 until=2026-11-19
last 7 days this week                                          | since=2026-11-16 until=2026-11-23
last 1763463600 months                                         | problem="before 2000"
# what stands before a date that cannot be is read for itself
july april 45                                                  | since=2026-07-01 until=2026-08-01 problem="There is no 45 April"
since:today july april 45                                      | problem="There is no 45 April" problem="do not overlap"
april 45 last week                                             | since=2026-11-09 until=2026-11-16 problem="There is no 45 April"
# a star or a “~” at a number says something, and so do years before “calls”
5* calls                                                       | rating=5
calls rated 1* or 2* yesterday                                 | rating=1..2 since=2026-11-18 until=2026-11-19
5⭐ calls                                                       | rating=5
*last 5* calls                                                 | limit=5
~failed~ calls                                                 | result=failure
calls ~ 5 min long                                             | duration=300 unknown=~
2026 calls                                                     | since=2026-01-01 until=2027-01-01
all 2025 calls by agent                                        | show=calls since=2025-01-01 until=2026-01-01 by=agent
last 2025 calls                                                | limit=2025
# what will be is not known
how many calls will we get this week                           | count=yes since=2026-11-16 until=2026-11-23 problem=forecast
will you show me failed calls                                  | result=failure
failed calls last wk                                           | result=failure since=2026-11-09 until=2026-11-16
whatsapp calls yest                                            | source=whatsapp since=2026-11-18 until=2026-11-19
cw 46                                                          | since=2026-11-09 until=2026-11-16
today am                                                       | since=2026-11-19 until=2026-11-19T12:00
failed calls yesterday pm                                      | result=failure since=2026-11-18T12:00 until=2026-11-19
calls this am                                                  | since=2026-11-19 until=2026-11-19T12:00
calls since yesterday 9 am                                     | since=2026-11-18T09:00
Rom yesterday                                                  | since=2026-11-18 until=2026-11-19 unknown=Rom
ailed calls                                                    | result=failure
"""
