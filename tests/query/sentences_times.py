"""Sentences about times and lengths, where clocks, days, stretches and lengths meet."""

# ruff: noqa: E501, RUF001
# A table reads best with one sentence a line; phones type long dashes.

HOURS = r"""
calls yesterday between 9:00 and 17:00                         | since=2026-11-18T09:00 until=2026-11-18T17:00
yesterday from 9:00 to 17:00                                   | since=2026-11-18T09:00 until=2026-11-18T17:00
today between 9:00 and 11:30                                   | since=2026-11-19T09:00 until=2026-11-19T11:30
on 3 november between 9:00 and 12:00                           | since=2026-11-03T09:00 until=2026-11-03T12:00
2026-11-03 from 09:00 to 17:00                                 | since=2026-11-03T09:00 until=2026-11-03T17:00
between 9:00 and 17:00 yesterday                               | since=2026-11-18T09:00 until=2026-11-18T17:00
calls between 13:00 and 14:00                                  | since=2026-11-19T13:00 until=2026-11-19T14:00
between 9:00 and 17:00                                         | since=2026-11-19T09:00 until=2026-11-19T17:00
from 9:00 to 17:00                                             | since=2026-11-19T09:00 until=2026-11-19T17:00
between 9h and 17h yesterday                                   | since=2026-11-18T09:00 until=2026-11-18T17:00
between 9h and 17h                                             | since=2026-11-19T09:00 until=2026-11-19T17:00
between 1h and 2h yesterday                                    | duration=3600..7200 since=2026-11-18 until=2026-11-19
calls lasting between 2:00 and 5:00                            | duration=120..300
duration between 2:00 and 5:00                                 | duration=120..300
calls between 2:00 and 5:00 long                               | duration=120..300
between 2:00 and 5:00 minutes                                  | duration=120..300
yesterday between 9:00 and 17:00 lasting 2:00 to 5:00          | duration=120..300 since=2026-11-18T09:00 until=2026-11-18T17:00
over 2:30 yesterday                                            | duration=>150 since=2026-11-18 until=2026-11-19
from nov 3 9am to 5pm                                          | since=2026-11-03T09:00 until=2026-11-03T17:00
nov 3 9am to 5pm                                               | since=2026-11-03T09:00 until=2026-11-03T17:00
from yesterday 9am to 5pm                                      | since=2026-11-18T09:00 until=2026-11-18T17:00
yesterday 9am to 5pm                                           | since=2026-11-18T09:00 until=2026-11-18T17:00
calls from yesterday 9:00 until 17:00                          | since=2026-11-18T09:00 until=2026-11-18T17:00
from monday 9:00 to 17:00                                      | since=2026-11-16T09:00 until=2026-11-16T17:00
between yesterday 9am and 5pm                                  | since=2026-11-18T09:00 until=2026-11-18T17:00
between yesterday 9am and 5                                    | since=2026-11-18T09:00 until=2026-11-18T17:00
from 2026-11-03 09:00 to 17:00                                 | since=2026-11-03T09:00 until=2026-11-03T17:00
from 2026-11-03T09:00 to 17:00                                 | since=2026-11-03T09:00 until=2026-11-03T17:00
since yesterday 9am until 5pm                                  | since=2026-11-18T09:00 until=2026-11-18T17:00
since yesterday 9am until 8am                                  | since=2026-11-18T09:00 until=2026-11-19T08:00
since monday until noon                                        | since=2026-11-16 until=2026-11-19T12:00
since monday before noon                                       | problem="needs its day"
since monday until noon today                                  | since=2026-11-16 until=2026-11-19T12:00
since monday before noon today                                 | since=2026-11-16 until=2026-11-19T12:00
from monday 10pm to 2am                                        | since=2026-11-16T22:00 until=2026-11-17T02:00
monday 9:00 to tuesday 17:00                                   | since=2026-11-16T09:00 until=2026-11-17T17:00
yesterday 9:00 - 17:00                                         | since=2026-11-18T09:00 until=2026-11-18T17:00
yesterday 9:00-17:00                                           | since=2026-11-18T09:00 until=2026-11-18T17:00
yesterday 9:00–17:00                                           | since=2026-11-18T09:00 until=2026-11-18T17:00
yesterday from 9 to 5                                          | since=2026-11-18T09:00 until=2026-11-18T17:00
yesterday between 9 and 5                                      | since=2026-11-18T09:00 until=2026-11-18T17:00
between 9 and 5 yesterday                                      | since=2026-11-18T09:00 until=2026-11-18T17:00
monday 9-17                                                    | since=2026-11-16T09:00 until=2026-11-16T17:00
monday, 9-17                                                   | since=2026-11-16T09:00 until=2026-11-16T17:00
yesterday from 12 to 3                                         | since=2026-11-18T12:00 until=2026-11-18T15:00
yesterday from 2 to 5                                          | problem="from 14:00 to 17:00"
yesterday from 3:30 to 5                                       | problem="from 15:30 to 17:00"
3 to 5 pm yesterday                                            | since=2026-11-18T15:00 until=2026-11-18T17:00
between midnight and 6am yesterday                             | since=2026-11-18 until=2026-11-18T06:00
between 6am and midnight yesterday                             | since=2026-11-18T06:00 until=2026-11-19
after 9 yesterday                                              | since=2026-11-18T09:00 until=2026-11-19
yesterday after 9                                              | since=2026-11-18T09:00 until=2026-11-19
since 9 yesterday                                              | since=2026-11-18T09:00
before 10 today                                                | since=2026-11-19 until=2026-11-19T10:00
after 5 yesterday                                              | problem="“5am” or “17:00”"
since friday at 3                                              | problem="“3am” or “15:00”"
yesterday between 5 and 10 minutes                             | duration=300..600 since=2026-11-18 until=2026-11-19
yesterday from 2 to 4 stars                                    | rating=2..4 since=2026-11-18 until=2026-11-19
yesterday at 3pm                                               | problem="from 15:00 to 16:00 on 2026-11-18"
at 10:30                                                       | problem="from 10:30 to 11:30"
this morning between 9 and 11                                  | since=2026-11-19T09:00 until=2026-11-19T11:00
yesterday evening from 6 to 8                                  | since=2026-11-18T18:00 until=2026-11-18T20:00
yesterday afternoon from 2 to 5                                | since=2026-11-18T14:00 until=2026-11-18T17:00
this morning after 9                                           | since=2026-11-19 until=2026-11-19T12:00 unknown=9
monday morning last week                                       | since=2026-11-09 until=2026-11-09T12:00
since 9am until now                                            | since=2026-11-19T09:00 until=2026-11-19T14:30
between 9am and now                                            | since=2026-11-19T09:00 until=2026-11-19T14:30
yesterday 9.30-17.30                                           | since=2026-11-18T09:30 until=2026-11-18T17:30
yesterday from nine to five                                    | since=2026-11-18T09:00 until=2026-11-18T17:00
since 15h yesterday                                            | since=2026-11-18T15:00
since nov 3, 9am                                               | since=2026-11-03T09:00
2026-11-03T09:00/2026-11-03T17:00                              | since=2026-11-03T09:00 until=2026-11-03T17:00
between 9 and 5                                                | problem="between 5 and 9 minutes"
from 9 to 5                                                    | problem="of what"
until noon                                                     | since=2026-11-19 until=2026-11-19T12:00
until noon today                                               | since=2026-11-19 until=2026-11-19T12:00
until 5pm yesterday                                            | since=2026-11-18 until=2026-11-18T17:00
before 5pm yesterday                                           | since=2026-11-18 until=2026-11-18T17:00
until noon on monday                                           | since=2026-11-16 until=2026-11-16T12:00
until midnight yesterday                                       | since=2026-11-18 until=2026-11-19
until yesterday 5pm                                            | until=2026-11-18T17:00
until 2026-11-07 10:00                                         | until=2026-11-07T10:00
by yesterday                                                   | until=2026-11-19
by monday                                                      | until=2026-11-17
by 5pm yesterday                                               | since=2026-11-18 until=2026-11-18T17:00
no later than monday                                           | until=2026-11-17
this hour                                                      | since=2026-11-19T14:00 until=2026-11-19T15:00
"""

STRETCHES = r"""
May calls                                                      | since=2026-05-01 until=2026-06-01
failed calls may                                               | result=failure since=2026-05-01 until=2026-06-01
all may calls                                                  | since=2026-05-01 until=2026-06-01
calls may                                                      | since=2026-05-01 until=2026-06-01
german May calls                                               | lang=de since=2026-05-01 until=2026-06-01
april and may                                                  | since=2026-04-01 until=2026-06-01
in april and may                                               | since=2026-04-01 until=2026-06-01
calls for April and May                                        | since=2026-04-01 until=2026-06-01
may and june                                                   | since=2026-05-01 until=2026-07-01
may to july                                                    | since=2026-05-01 until=2026-08-01
may                                                            | since=2026-05-01 until=2026-06-01
may 3                                                          | since=2026-05-03 until=2026-05-04
what about may                                                 | since=2026-05-01 until=2026-06-01
may i see the failed calls                                     | result=failure
calls that may have failed                                     | result=failure
calls that may include german                                  | lang=de unknown=include unknown=may
march calls                                                    | since=2026-03-01 until=2026-04-01
last november                                                  | since=2025-11-01 until=2025-12-01
last october                                                   | since=2026-10-01 until=2026-11-01
this november                                                  | since=2026-11-01 until=2026-12-01
this december                                                  | problem=future
nov-3                                                          | since=2026-11-03 until=2026-11-04
Nov–3                                                          | since=2026-11-03 until=2026-11-04
oct-31                                                         | since=2026-10-31 until=2026-11-01
dec-24                                                         | since=2025-12-24 until=2025-12-25
3-Nov-2026                                                     | since=2026-11-03 until=2026-11-04
nov 3-7                                                        | since=2026-11-03 until=2026-11-08
oct-nov                                                        | since=2026-10-01 until=2026-12-01
monday last week                                               | since=2026-11-09 until=2026-11-10
last week monday                                               | since=2026-11-09 until=2026-11-10
tuesday of last week                                           | since=2026-11-10 until=2026-11-11
last week monday to friday                                     | since=2026-11-09 until=2026-11-14
monday to friday last week                                     | since=2026-11-09 until=2026-11-14
monday last week from 9 to 5                                   | since=2026-11-09T09:00 until=2026-11-09T17:00
since monday last week                                         | since=2026-11-09
until friday last week                                         | until=2026-11-14
failed calls on monday for Support last week                   | result=failure agent=Support since=2026-11-09 until=2026-11-10
monday 2 weeks ago                                             | since=2026-11-02 until=2026-11-03
november last year                                             | since=2025-11-01 until=2025-12-01
last year november                                             | since=2025-11-01 until=2025-12-01
Q3 last year                                                   | since=2025-07-01 until=2025-10-01
3 november last year                                           | since=2025-11-03 until=2025-11-04
between 3 and 7 november last year                             | since=2025-11-03 until=2025-11-08
20 december to 5 january last year                             | since=2024-12-20 until=2025-01-06
october to december last year                                  | since=2025-10-01 until=2026-01-01
the 3rd of last month                                          | since=2026-10-03 until=2026-10-04
the 31st of last month                                         | since=2026-10-31 until=2026-11-01
first monday of november                                       | since=2026-11-02 until=2026-11-03
last day of october                                            | since=2026-10-31 until=2026-11-01
last friday of last month                                      | since=2026-10-30 until=2026-10-31
monday and tuesday last week                                   | since=2026-11-09 until=2026-11-11
last week on monday and tuesday                                | since=2026-11-09 until=2026-11-11
monday, tuesday and wednesday                                  | since=2026-11-16 until=2026-11-19
june, july                                                     | since=2026-06-01 until=2026-08-01
may, june and july                                             | since=2026-05-01 until=2026-08-01
friday last month                                              | problem="several of each weekday"
monday in november                                             | problem="several of each weekday"
the 3rd in october                                             | since=2026-10-03 until=2026-10-04
week:last                                                      | since=2026-11-09 until=2026-11-16
last:week                                                      | since=2026-11-09 until=2026-11-16
calls about may                                                | search=may
for Theresa May                                                | "agent=Theresa May"
week before last                                               | since=2026-11-02 until=2026-11-09
kw45                                                           | since=2026-11-02 until=2026-11-09
week:45                                                        | since=2026-11-02 until=2026-11-09
year:2025                                                      | since=2025-01-01 until=2026-01-01
2025                                                           | since=2025-01-01 until=2026-01-01
failed 2025                                                    | result=failure since=2025-01-01 until=2026-01-01
german calls 2025                                              | lang=de since=2025-01-01 until=2026-01-01
2025 failed calls                                              | result=failure since=2025-01-01 until=2026-01-01
calls for 2025                                                 | since=2025-01-01 until=2026-01-01
for Campaign 2025                                              | "agent=Campaign 2025"
for Support W2                                                 | "agent=Support W2"
failed calls for Support 24h                                   | result=failure agent=Support since=2026-11-18T14:30
w45 calls                                                      | since=2026-11-02 until=2026-11-09
2025 q3                                                        | since=2025-07-01 until=2025-10-01
2025 failed                                                    | result=failure since=2025-01-01 until=2026-01-01
2 days before yesterday                                        | until=2026-11-18 unknown=2 unknown=days
Q3/2026                                                        | since=2026-07-01 until=2026-10-01
h1 2026                                                        | since=2026-01-01 until=2026-07-01
second half of 2025                                            | since=2025-07-01 until=2026-01-01
sun                                                            | since=2026-11-15 until=2026-11-16
on sun                                                         | since=2026-11-15 until=2026-11-16
sat-sun                                                        | since=2026-11-14 until=2026-11-16
for Sun Energy                                                 | "agent=Sun Energy"
for Rising Sun                                                 | "agent=Rising Sun"
3/11/26                                                        | problem=2026-11-03
03-11-2026                                                     | problem=2026-11-03
25-10-2026                                                     | since=2026-10-25 until=2026-10-26
2026.11.03                                                     | since=2026-11-03 until=2026-11-04
2026-11-01–2026-11-05                                          | since=2026-11-01 until=2026-11-06
2026-11-01/2026-11-05                                          | since=2026-11-01 until=2026-11-06
3.-7.11.                                                       | since=2026-11-03 until=2026-11-08
3‑7 november                                                   | since=2026-11-03 until=2026-11-08
3−7 november                                                   | since=2026-11-03 until=2026-11-08
last half hour                                                 | since=2026-11-19T14:00
last few days                                                  | problem="last 3 days"
last week of october                                           | problem="week of 22 october"
since the first                                                | since=2026-11-01
the first of november                                          | since=2026-11-01 until=2026-11-02
beginning of november                                          | problem="since"
end of october                                                 | problem="until the end of october"
prior to monday                                                | until=2026-11-16
earlier than monday                                            | until=2026-11-16
later than monday                                              | since=2026-11-17
7 days                                                         | since=2026-11-12T14:30
24h                                                            | since=2026-11-18T14:30
last:7d                                                        | since=2026-11-12T14:30
calls a day                                                    | unknown=day
today vs yesterday                                             | problem=compare
since:today until:yesterday                                    | problem="end with Wednesday 18 Nov 2026"
"""

LENGTHS = r"""
2-5 minutes                                                    | duration=120..300
2–5 minutes                                                    | duration=120..300
5 to 10 minutes                                                | duration=300..600
30-60s                                                         | duration=30..60
5-10 min calls                                                 | duration=300..600
between 30 and 90s                                             | duration=30..90
60..300 seconds                                                | duration=60..300
duration:60-300                                                | duration=60..300
duration:60...300                                              | duration=60..300
duration:60…300                                                | duration=60..300
duration:5..10min                                              | duration=300..600
duration:30s..2m                                               | duration=30..120
duration: 60..300                                              | duration=60..300
duration 60 to 300                                             | duration=60..300
-duration:60..300                                              | "duration=not 60..300"
rating:1-2                                                     | rating=1..2
rated 1..2                                                     | rating=1..2
1-2 stars                                                      | rating=1..2
longer then 5 minutes                                          | duration=>300
5 min plus                                                     | duration=>=300
0 seconds                                                      | duration=0
calls with duration 0                                          | duration=0
longer than 1h30                                               | duration=>5400
duration:2m30                                                  | duration=150
over 1.000 seconds                                             | duration=>1000
over 1.500 minutes                                             | unknown=over unknown=1.500 unknown=minutes
over 1.5 minutes                                               | duration=>90
last 1.000 calls                                               | limit=1000
5 minutes                                                      | problem="last 5 minutes"
90 minutes                                                     | problem="last 90 minutes"
calls 5 minutes long                                           | duration=300
duration:5 minutes                                             | duration=300
duration is 60                                                 | duration=60
duration:1.000                                                 | duration=1000
duration:1,000                                                 | problem=duration:1000
5 minutes max                                                  | duration=<=300
last 1h30                                                      | since=2026-11-19T13:00
last 2 to 3 weeks                                              | problem="between 2 and 3 weeks ago"
between 2 and 5 days ago                                       | since=2026-11-14 until=2026-11-18
2-3 weeks ago                                                  | since=2026-10-26 until=2026-11-09
between 30 and 60 minutes ago                                  | since=2026-11-19T13:30 until=2026-11-19T14:00
calls over 2 hours ago                                         | until=2026-11-19T12:30
2h                                                             | problem="at least 2 hours"
more than 1                                                    | problem="“1 second” or “1 minute”"
more than 10 messages                                          | problem=message_count
"""

ZONES_BESIDE = r"""
# a zone beside a time
since 9pm EST yesterday                                        | since=2026-11-19T03:00
since 14:32:07 UTC yesterday                                   | since=2026-11-18T15:32
since 9am PT                                                   | problem=future
since 9am PT yesterday                                         | since=2026-11-18T18:00
yesterday between 9:00 and 11:00 UTC                           | since=2026-11-18T10:00 until=2026-11-18T12:00
since 2026-11-18 09:00 CET                                     | since=2026-11-18T09:00
since 2026-11-18T09:00:00Z                                     | since=2026-11-18T10:00
since 1763460000                                               | since=2025-11-18T11:00
since:1763460000                                               | since=2025-11-18T11:00
since 1763460000 until 1763463600                              | since=2025-11-18T11:00 until=2025-11-18T12:00
before 1763460000                                              | until=2025-11-18T11:00
yesterday in UTC                                               | since=2026-11-18T01:00 until=2026-11-19T01:00
since 9am UTC                                                  | since=2026-11-19T10:00
since 9am GMT today                                            | since=2026-11-19T10:00
since yesterday 9am PST                                        | since=2026-11-18T18:00
since yesterday 9pm ET                                         | since=2026-11-19T03:00
since yesterday 9pm Eastern                                    | since=2026-11-19T03:00
since 2026-07-01 09:00 PT                                      | since=2026-07-01T18:00
since 2026-07-01 09:00 EST                                     | since=2026-07-01T15:00
since 2026-07-01 09:00 BST                                     | since=2026-07-01T10:00
until 2026-11-18 17:00 UTC                                     | until=2026-11-18T18:00
before 2026-11-18 17:00 UTC                                    | until=2026-11-18T18:00
today UTC                                                      | since=2026-11-19T01:00 until=2026-11-20T01:00
on 2026-11-18 UTC                                              | since=2026-11-18T01:00 until=2026-11-19T01:00
last week in UTC                                               | since=2026-11-09T01:00 until=2026-11-16T01:00
failed calls yesterday UTC                                     | result=failure since=2026-11-18T01:00 until=2026-11-19T01:00
between 9am and 5pm ET on 17 november                          | since=2026-11-17T15:00 until=2026-11-17T23:00
9am to 5pm UTC yesterday                                       | since=2026-11-18T10:00 until=2026-11-18T18:00
yesterday 9:00-17:00 UTC                                       | since=2026-11-18T10:00 until=2026-11-18T18:00
from 2026-11-18 09:00 UTC to 2026-11-18 11:00 UTC              | since=2026-11-18T10:00 until=2026-11-18T12:00
since 9am UTC+2 yesterday                                      | since=2026-11-18T08:00
since 9:00 GMT+1 yesterday                                     | since=2026-11-18T09:00
since 9am Europe/London yesterday                              | since=2026-11-18T10:00
since yesterday 21:00 America/New_York                         | since=2026-11-19T03:00
since 9am EST until 5pm PST yesterday                          | problem="one time zone"
since 9am CST yesterday                                        | since=2026-11-18T16:00
since 9am IST yesterday                                        | problem="several time zones"
yesterday 2pm to 4pm JST                                       | since=2026-11-18T06:00 until=2026-11-18T08:00
since 1763460000000                                            | since=2025-11-18T11:00
after 1763460000                                               | since=2025-11-18T11:00
between 1763460000 and 1763463600                              | since=2025-11-18T11:00 until=2025-11-18T12:00
since 2026-11-18 09:00:00 UTC                                  | since=2026-11-18T10:00
since 2026-11-18 09:00Z                                        | since=2026-11-18T10:00
since 2026-11-18 09:00+02:00                                   | since=2026-11-18T08:00
"""

SAID_BY_PEOPLE = r"""
wk 47                                                          | since=2026-11-16 until=2026-11-23
wk47                                                           | since=2026-11-16 until=2026-11-23
wk. 46                                                         | since=2026-11-09 until=2026-11-16
last fortnight                                                 | since=2026-11-05 until=2026-11-19
past fortnight                                                 | since=2026-11-05T14:30
the last fortnight                                             | since=2026-11-05 until=2026-11-19
since a fortnight ago                                          | since=2026-11-05T14:30
a fortnight ago                                                | since=2026-11-02 until=2026-11-09
last 2 fortnights                                              | since=2026-10-22T14:30
overnight                                                      | problem=overnight
calls overnight                                                | problem=overnight
overnight calls yesterday                                      | problem=overnight
after hours                                                    | problem="after hours"
after-hours calls last week                                    | problem="after hours"
out of hours                                                   | problem="out of hours"
business hours                                                 | problem="business hours"
outside business hours yesterday                               | problem="business hours"
calls during working hours                                     | problem="working hours"
office hours yesterday                                         | problem="office hours"
first half of november                                         | since=2026-11-01 until=2026-11-16
the first half of november                                     | since=2026-11-01 until=2026-11-16
second half of october                                         | since=2026-10-16 until=2026-11-01
first half of october 2025                                     | since=2025-10-01 until=2025-10-16
second half of february                                        | since=2026-02-15 until=2026-03-01
first half of last month                                       | since=2026-10-01 until=2026-10-16
second half of last month                                      | since=2026-10-16 until=2026-11-01
first half of the month                                        | since=2026-11-01 until=2026-11-16
first half of the year                                         | since=2026-01-01 until=2026-07-01
second half of last year                                       | since=2025-07-01 until=2026-01-01
1st half of october                                            | since=2026-10-01 until=2026-10-16
last business day                                              | since=2026-11-18 until=2026-11-19
last working day                                               | since=2026-11-18 until=2026-11-19
since the last business day                                    | since=2026-11-18
previous workday                                               | since=2026-11-18 until=2026-11-19
on thanksgiving                                                | problem=holiday
over christmas                                                 | problem=holiday
calls on black friday                                          | problem=holiday
since easter                                                   | problem=holiday
calls over the holidays                                        | problem=holiday
between christmas and new year                                 | problem=holiday
fiscal year                                                    | problem=fiscal
last fiscal quarter                                            | problem=fiscal
FY26                                                           | problem=fiscal
fy2026                                                         | problem=fiscal
in FY 2026                                                     | problem=fiscal
since 9am this morning                                         | since=2026-11-19T09:00
since 1pm this afternoon                                       | since=2026-11-19T13:00
since 8 this morning                                           | since=2026-11-19T08:00
since 9:15 this morning                                        | since=2026-11-19T09:15
since 10am yesterday morning                                   | since=2026-11-18T10:00
until 11am this morning                                        | since=2026-11-19 until=2026-11-19T11:00
since 2 this afternoon                                         | since=2026-11-19T14:00
since 12:00 noon                                               | since=2026-11-19T12:00
since 12 noon                                                  | since=2026-11-19T12:00
before 12 noon yesterday                                       | since=2026-11-18 until=2026-11-18T12:00
yesterday since 12:00 noon                                     | since=2026-11-18T12:00 until=2026-11-19
since Tuesday, November 3                                      | since=2026-11-03
since tuesday, 3 november                                      | since=2026-11-03
since Tue, the 3rd of November                                 | since=2026-11-03
since tuesday, nov 3 at 9am                                    | since=2026-11-03T09:00
on Tuesday, November 3                                         | since=2026-11-03 until=2026-11-04
on Tue, Nov 3, 2026                                            | since=2026-11-03 until=2026-11-04
Tuesday, 3 November 2026                                       | since=2026-11-03 until=2026-11-04
from Monday, November 2 to Friday, November 6                  | since=2026-11-02 until=2026-11-07
until Friday, November 13                                      | until=2026-11-14
between Monday, 2 November and Wednesday, 4 November           | since=2026-11-02 until=2026-11-05
since tuesday, 2026-11-03                                      | since=2026-11-03
wednesday 3 november                                           | problem=Tuesday
Wednesday, November 3                                          | problem=Tuesday
since wednesday 3 november                                     | problem=Tuesday
on friday 13 november                                          | since=2026-11-13 until=2026-11-14
on friday 14 november                                          | problem=Saturday
since last tuesday, november 17                                | since=2026-11-17
last monday, november 17                                       | problem=Tuesday
between monday 3 november and friday 7 november                | problem=Tuesday
monday the 3rd                                                 | problem=Tuesday
tuesday the 3rd                                                | since=2026-11-03 until=2026-11-04
wednesday 2026-11-03                                           | problem=Tuesday
on friday, november 13, 2026 at 9am                            | problem=moment
"""

NO_DATES = r"""
rated 4,5 stars                                                | problem=4
about version 2.1                                              | "search=version 2.1"
mentioning version 3.11 today                                  | "search=version 3.11" since=2026-11-19 until=2026-11-20
calls about windows 11                                         | "search=windows 11"
rating:4.5                                                     | problem=4.5
since 3.11                                                     | since=2026-11-03
on 3.11                                                        | since=2026-11-03 until=2026-11-04
3.11 to 7.11                                                   | since=2026-11-03 until=2026-11-08
version 3.11                                                   | unknown=version unknown=3.11
3.11.                                                          | since=2026-11-03 until=2026-11-04
calls 3.11                                                     | since=2026-11-03 until=2026-11-04
until 7.11                                                     | until=2026-11-08
between 3.11 and 7.11                                          | since=2026-11-03 until=2026-11-08
tuesday 3.11                                                   | since=2026-11-03 until=2026-11-04
about python 3.12 yesterday                                    | "search=python 3.12" since=2026-11-18 until=2026-11-19
"""

TIMES_AND_LENGTHS = HOURS + STRETCHES + LENGTHS + ZONES_BESIDE + SAID_BY_PEOPLE + NO_DATES
