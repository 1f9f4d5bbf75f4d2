"""Sentences about times as people say them: zones beside a time, halves and numbered weeks, numbers that are no dates."""

# ruff: noqa: E501
# A table reads best with one sentence a line.

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
since 9am London time until 5pm PST yesterday                  | problem="one time zone"
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
early this morning                                             | problem="several ways"
calls late last night                                          | problem="several ways"
early yesterday                                                | problem="several ways"
failed calls late on monday evening                            | problem="several ways"
monday early morning                                           | problem="several ways"
since late last night                                          | problem="several ways"
early last week                                                | problem="several ways"
late in november                                               | problem="several ways"
late november                                                  | problem="late november"
earlier today                                                  | since=2026-11-19 until=2026-11-20
failed calls earlier this week                                 | result=failure since=2026-11-16 until=2026-11-23
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
rated 4,5 stars                                                | rating=4..5
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

SPOKEN_TIMES = ZONES_BESIDE + SAID_BY_PEOPLE + NO_DATES
