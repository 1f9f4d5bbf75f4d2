"""Sentences about times and lengths, where clocks, days, stretches and lengths meet."""

# ruff: noqa: E501, RUF001
# A table reads best with one sentence a line; phones type long dashes.

from tests.query.sentences_spoken_times import SPOKEN_TIMES

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
this morning after 9                                           | since=2026-11-19T09:00 until=2026-11-19T12:00
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
last one and a half hours                                      | since=2026-11-19T13:00
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
since:today until:yesterday                                    | problem="end with Wednesday 18 Nov 2026"
"""

LENGTHS = r"""
over 2,5 minutes                                               | duration=>150
last 1,5 hours                                                 | since=2026-11-19T13:00
9 to 5                                                         | problem="between 09:00 and 17:00"
calls 3 to 7 please                                            | problem="between 03:00 and 07:00"
calls at 25:00                                                 | problem="0:00 to 23:59"
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
duration:"over 5 minutes"                                      | duration=>300
rating:"2 or less"                                             | rating=<=2
duration:"30s to 2m"                                           | duration=30..120
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
COLLEAGUES = r"""
week 45 monday                                                 | since=2026-11-02 until=2026-11-03
sunday week of 3 november                                      | since=2026-11-08 until=2026-11-09
last business day 9-17                                         | since=2026-11-18T09:00 until=2026-11-18T17:00
until the last business day 14:00                              | until=2026-11-18T14:00
first monday of october evening                                | since=2026-10-05T18:00 until=2026-10-06
last business day 3 to 7                                       | problem="from 15:00 to 19:00"
this morning 9.30                                              | since=2026-11-19 until=2026-11-19T12:00 unknown=9.30
calls w/c 9 november                                           | since=2026-11-09 until=2026-11-16
week commencing 9 november                                     | since=2026-11-09 until=2026-11-16
week ending 15 november                                        | since=2026-11-09 until=2026-11-16
prior month                                                    | since=2026-10-01 until=2026-11-01
last working week                                              | since=2026-11-09 until=2026-11-14
last business week                                             | since=2026-11-09 until=2026-11-14
in the first 10 days of november                               | since=2026-11-01 until=2026-11-11
last 10 days of october                                        | since=2026-10-22 until=2026-11-01
last 3 days of last month                                      | since=2026-10-29 until=2026-11-01
failed calls on 3 and 4 november                               | result=failure since=2026-11-03 until=2026-11-05
3 and 4 november 2025                                          | since=2025-11-03 until=2025-11-05
3 and 7 november                                               | problem=adjoin
30 and 31 november                                             | problem="There is no 31 November" unknown=30
calls in the morning of 3 november                             | since=2026-11-03 until=2026-11-03T12:00
how many calls in the morning yesterday                        | count=yes since=2026-11-18 until=2026-11-18T12:00
yesterday in the afternoon                                     | since=2026-11-18T12:00 until=2026-11-18T18:00
calls in the morning                                           | problem="yesterday morning"
morning vs afternoon                                           | problem="yesterday morning vs yesterday afternoon"
yesterday morning vs yesterday afternoon                       | show=calls compare=2026-11-18T12:00..2026-11-18T18:00 since=2026-11-18 until=2026-11-18T12:00
after lunch                                                    | problem="which hours"
calls about lunch                                              | search=lunch
a week ago today                                               | since=2026-11-12 until=2026-11-13
calls up to and including yesterday                            | until=2026-11-19
13-Nov-26                                                      | since=2026-11-13 until=2026-11-14
same week last year                                            | problem="several ways"
evening calls                                                  | problem="yesterday morning"
yesterday evening calls                                        | since=2026-11-18T18:00 until=2026-11-19
weekday calls                                                  | problem=repeats
"""
TIMES_AND_LENGTHS = COLLEAGUES + HOURS + STRETCHES + LENGTHS + SPOKEN_TIMES
