"""Sentences as people write them, and what each must mean.

Asked on Thursday 19 November 2026 at 14:30 in Berlin (clocks went back on 25 October). Written before looking
at what the parser makes of them, except `FOUND_LATER`: what trying things out brought up. The expectation is
`key=value` words: filters as `explain` shows them, `since` and `until` (not included) on the wall clock,
`unknown=` words, `problem=` a part of the reason, `id=` kind and value, `special=` a command. What is not named
must be absent.
"""

# ruff: noqa: E501, RUF001
# A table reads best with one sentence a line; phones type curly quotes and long dashes.

from __future__ import annotations

from tests.query.sentences_field import FIELD
from tests.query.sentences_later import FOUND_LATER
from tests.query.sentences_meant import MEANT, WITH_AGENTS
from tests.query.sentences_reports import REPORTS, REPORTS_WITH_AGENTS
from tests.query.sentences_times import TIMES_AND_LENGTHS
from tests.query.sentences_typed import TYPED, TYPED_WITH_AGENTS
from tests.query.sentences_words import WORDS

RESULTS_AND_AGENTS = r"""
failed calls for Support since monday                          | result=failure agent=Support since=2026-11-16
failed                                                         | result=failure
all failed calls                                               | result=failure
show me the failed calls please                                | result=failure
Show me all successful conversations                           | result=success
unsuccessful calls                                             | result=failure
calls that were unsuccessful                                   | result=failure
which calls failed today?                                      | result=failure since=2026-11-19 until=2026-11-20
did any calls fail yesterday?                                  | result=failure since=2026-11-18 until=2026-11-19
failed or unknown calls                                        | result=failure,unknown
calls with unknown result                                      | result=unknown
result:failure                                                 | result=failure
result:failed                                                  | result=failure
result:success,unknown                                         | result=success,unknown
RESULT:Failure                                                 | result=failure
outcome:successful                                             | result=success
-result:success                                                | "result=not success"
not successful                                                 | "result=not success"
calls that were not successful                                 | "result=not success"
not failed                                                     | "result=not failure"
failed and successful                                          | result=failure,success
failed but not failed                                          | problem=excluded
result:banana                                                  | unknown=result:banana
faild calls                                                    | result=failure
calls for Support EN                                           | "agent=Support EN"
for the Support agent                                          | agent=Support
failed calls for "Support EN" since monday                     | result=failure "agent=Support EN" since=2026-11-16
failed calls for “Support EN” since monday                     | result=failure "agent=Support EN" since=2026-11-16
failed calls for „Support EN“ since monday                     | result=failure "agent=Support EN" since=2026-11-16
agent:"Support EN"                                             | "agent=Support EN"
agent:Support                                                  | agent=Support
agent: Support EN                                              | "agent=Support EN"
agent Support today                                            | agent=Support since=2026-11-19 until=2026-11-20
agent:agent_3701k3ttaq12ewp8b7qv5rfyszkz                       | agent=agent_3701k3ttaq12ewp8b7qv5rfyszkz
agent_3701k3ttaq12ewp8b7qv5rfyszkz failed                      | agent=agent_3701k3ttaq12ewp8b7qv5rfyszkz result=failure
for "Sales Today" yesterday                                    | "agent=Sales Today" since=2026-11-18 until=2026-11-19
agent:"Support EN","Support DE"                                | "agent=Support DE,Support EN"
for Müller Hotline in german                                   | "agent=Müller Hotline" lang=de
for German Support since monday                                | "agent=German Support" since=2026-11-16
inbound calls for Sales and Returns                            | "agent=Sales and Returns" direction=inbound
calls handled by Support EN yesterday                          | "agent=Support EN" since=2026-11-18 until=2026-11-19
calls for Support EN that failed                               | "agent=Support EN" result=failure
not for Support EN                                             | "agent=not Support EN"
-agent:"Support EN"                                            | "agent=not Support EN"
failed calls for Support 🇩🇪 since monday                        | result=failure "agent=Support 🇩🇪" since=2026-11-16
calls for Support yesteday                                     | agent=Support since=2026-11-18 until=2026-11-19
conversations                                                  |
show me everything                                             |
send me the csv of all conversations                           |
list of all the conversations                                  |
can you please send me a list of all calls                     |
give me all the calls with their call ids                      |
                                                               |
"""

TIMES = r"""
today                                                          | since=2026-11-19 until=2026-11-20
today's calls                                                  | since=2026-11-19 until=2026-11-20
yesterday                                                      | since=2026-11-18 until=2026-11-19
yesterday’s failed calls                                       | result=failure since=2026-11-18 until=2026-11-19
calls from yesterday                                           | since=2026-11-18 until=2026-11-19
the day before yesterday                                       | since=2026-11-17 until=2026-11-18
since yesterday                                                | since=2026-11-18
since monday                                                   | since=2026-11-16
since thursday                                                 | since=2026-11-19
since friday                                                   | since=2026-11-13
on tuesday                                                     | since=2026-11-17 until=2026-11-18
tuesday                                                        | since=2026-11-17 until=2026-11-18
on thursday                                                    | since=2026-11-19 until=2026-11-20
last friday                                                    | since=2026-11-13 until=2026-11-14
last thursday                                                  | since=2026-11-12 until=2026-11-13
since last friday                                              | since=2026-11-13
until friday                                                   | until=2026-11-14
until yesterday                                                | until=2026-11-19
before monday                                                  | until=2026-11-16
after monday                                                   | since=2026-11-17
since monday until tuesday                                     | since=2026-11-16 until=2026-11-18
from monday to wednesday                                       | since=2026-11-16 until=2026-11-19
between monday and wednesday                                   | since=2026-11-16 until=2026-11-19
since monday until friday                                      | since=2026-11-16 until=2026-11-21
this week                                                      | since=2026-11-16 until=2026-11-23
last week                                                      | since=2026-11-09 until=2026-11-16
how many calls over 10 minutes last week?                      | count=yes duration=>600 since=2026-11-09 until=2026-11-16
since last week                                                | since=2026-11-09
this month                                                     | since=2026-11-01 until=2026-12-01
last month                                                     | since=2026-10-01 until=2026-11-01
this quarter                                                   | since=2026-10-01 until=2027-01-01
last quarter                                                   | since=2026-07-01 until=2026-10-01
Q3                                                             | since=2026-07-01 until=2026-10-01
in Q4 2025                                                     | since=2025-10-01 until=2026-01-01
this year                                                      | since=2026-01-01 until=2027-01-01
last year                                                      | since=2025-01-01 until=2026-01-01
in 2025                                                        | since=2025-01-01 until=2026-01-01
in october                                                     | since=2026-10-01 until=2026-11-01
october                                                        | since=2026-10-01 until=2026-11-01
in december                                                    | since=2025-12-01 until=2026-01-01
in november                                                    | since=2026-11-01 until=2026-12-01
in october 2025                                                | since=2025-10-01 until=2025-11-01
since october                                                  | since=2026-10-01
in may                                                         | since=2026-05-01 until=2026-06-01
last 24 hours                                                  | since=2026-11-18T14:30
last 24h                                                       | since=2026-11-18T14:30
in the last hour                                               | since=2026-11-19T13:30
past 2 weeks                                                   | since=2026-11-05T14:30
over the past 2 weeks                                          | since=2026-11-05T14:30
last 7 days                                                    | since=2026-11-12T14:30
during the last 30 days                                        | since=2026-10-20T14:30
last 3 months                                                  | since=2026-08-19T14:30
last 90 minutes                                                | since=2026-11-19T13:00
last two weeks                                                 | since=2026-11-05T14:30
past year                                                      | since=2025-11-19T14:30
failed since 7 days ago                                        | result=failure since=2026-11-12T14:30
since 2 hours ago                                              | since=2026-11-19T12:30
since:7d                                                       | since=2026-11-12T14:30
since:24h                                                      | since=2026-11-18T14:30
3 days ago                                                     | since=2026-11-16 until=2026-11-17
since an hour ago                                              | since=2026-11-19T13:30
between 3 and 7 november                                       | since=2026-11-03 until=2026-11-08
between the 3rd and 7th of november                            | since=2026-11-03 until=2026-11-08
between 3 and 30 november                                      | since=2026-11-03 until=2026-12-01
between 20 december and 5 january                              | since=2025-12-20 until=2026-01-06
between 3 november and 7 november 2025                         | since=2025-11-03 until=2025-11-08
from 3 to 7 november                                           | since=2026-11-03 until=2026-11-08
3-7 november                                                   | since=2026-11-03 until=2026-11-08
3–7 November                                                   | since=2026-11-03 until=2026-11-08
november 3 to november 7                                       | since=2026-11-03 until=2026-11-08
between 2026-11-03 and 2026-11-07                              | since=2026-11-03 until=2026-11-08
from 2026-11-03 to 2026-11-07                                  | since=2026-11-03 until=2026-11-08
on:2026-11-03..2026-11-07                                      | since=2026-11-03 until=2026-11-08
on 3 november                                                  | since=2026-11-03 until=2026-11-04
on November 3rd                                                | since=2026-11-03 until=2026-11-04
on nov 3, 2026                                                 | since=2026-11-03 until=2026-11-04
3 november 2025                                                | since=2025-11-03 until=2025-11-04
on 25 december                                                 | since=2025-12-25 until=2025-12-26
on the 3rd                                                     | since=2026-11-03 until=2026-11-04
on the 25th                                                    | since=2026-10-25 until=2026-10-26
on 2026-11-03                                                  | since=2026-11-03 until=2026-11-04
inbound calls on 2026-11-03                                    | direction=inbound since=2026-11-03 until=2026-11-04
2026-11-03                                                     | since=2026-11-03 until=2026-11-04
3.11.2026                                                      | since=2026-11-03 until=2026-11-04
am 3.11.                                                       | since=2026-11-03 until=2026-11-04
since 2026-11-01                                               | since=2026-11-01
since:2026-11-01 until:2026-11-07                              | since=2026-11-01 until=2026-11-08
since 2026-11-01T10:00                                         | since=2026-11-01T10:00
since 2026-11-01T10:00:00Z                                     | since=2026-11-01T11:00
since:2026-11-01T10:00:00+01:00                                | since=2026-11-01T10:00
until 2026-11-07T10:00                                         | until=2026-11-07T10:00
since 2026-11-01 10:00                                         | since=2026-11-01T10:00
since 9am                                                      | since=2026-11-19T09:00
since 9:30                                                     | since=2026-11-19T09:30
since noon                                                     | since=2026-11-19T12:00
since yesterday 9am                                            | since=2026-11-18T09:00
since monday at 14:00                                          | since=2026-11-16T14:00
calls today before noon                                        | since=2026-11-19 until=2026-11-19T12:00
today after 9am                                                | since=2026-11-19T09:00 until=2026-11-20
yesterday between 9am and 11am                                 | since=2026-11-18T09:00 until=2026-11-18T11:00
yesterday between 9 and 11am                                   | since=2026-11-18T09:00 until=2026-11-18T11:00
this morning                                                   | since=2026-11-19 until=2026-11-19T12:00
yesterday afternoon                                            | since=2026-11-18T12:00 until=2026-11-18T18:00
last night                                                     | since=2026-11-18T18:00 until=2026-11-19T06:00
on the weekend                                                 | since=2026-11-14 until=2026-11-16
last weekend                                                   | since=2026-11-14 until=2026-11-16
weekend                                                        | since=2026-11-14 until=2026-11-16
week of 3 november                                             | since=2026-11-02 until=2026-11-09
on 31 february                                                 | problem=February
since 2026-02-31                                               | problem=February
on 30.02.2026                                                  | problem=February
03/11/2026                                                     | problem=2026-11-03
since tomorrow                                                 | problem=future
since 2027-01-01                                               | problem=future
next week                                                      | problem=future
since friday until monday                                      | since=2026-11-13 until=2026-11-17
since yesterday until monday                                   | since=2026-11-18 until=2026-11-24
since:2026-11-10 until:2026-11-01                              | problem=empty
today last week                                                | problem=empty
on monday at 25:00                                             | problem=25:00
last 0 days                                                    | problem="at least 1"
every monday                                                   | problem=repeat
yesteday                                                       | since=2026-11-18 until=2026-11-19
since yesteday                                                 | since=2026-11-18
since foo                                                      | unknown=foo
since:foo                                                      | unknown=since:foo
"""

NUMBERS_AND_FACTS = r"""
over 10 minutes                                                | duration=>600
longer than 10 minutes                                         | duration=>600
calls of more than 5 min                                       | duration=>300
at least 10 minutes                                            | duration=>=600
10 minutes or longer                                           | duration=>=600
calls shorter than 30s from whatsapp today                     | duration=<30 source=whatsapp since=2026-11-19 until=2026-11-20
under 30 seconds                                               | duration=<30
less than half an hour                                         | duration=<1800
longer than half hour                                          | duration=>1800
at most 2 minutes                                              | duration=<=120
longer than 1 minute and shorter than 5 minutes                | duration=61..299
between 1 and 5 minutes                                        | duration=60..300
between 30 seconds and 2 minutes                               | duration=30..120
duration:>60                                                   | duration=>60
duration:<=60                                                  | duration=<=60
duration>60                                                    | duration=>60
duration:60..120                                               | duration=60..120
duration:>10m                                                  | duration=>600
duration:90                                                    | duration=90
over 1 hour 30 minutes                                         | duration=>5400
calls over an hour                                             | duration=>3600
over 10 minutes under 5 minutes                                | problem=duration
short calls                                                    | problem=short
duration:banana                                                | problem=banana
show me all the german calls rated 2 or less                   | lang=de rating=<=2
rated 2 or less                                                | rating=<=2
rating:<=2                                                     | rating=<=2
rating:&lt;=2                                                  | rating=<=2
rated below 3                                                  | rating=<=2
rated 4 or more                                                | rating=>=4
rated at least 4                                               | rating=>=4
rated 5                                                        | rating=5
5 stars                                                        | rating=5
1 star calls                                                   | rating=1
with a rating of 3                                             | rating=3
rating between 2 and 4                                         | rating=2..4
rating:2..4                                                    | rating=2..4
unrated calls                                                  | rating=none
without a rating                                               | rating=none
rating:7                                                       | problem=5
rated 0                                                        | problem=1
rating:>5                                                      | problem=5
with feedback                                                  | feedback=yes
german calls                                                   | lang=de
in german                                                      | lang=de
calls in German or French                                      | lang=de,fr
german and french calls                                        | lang=de,fr
lang:de                                                        | lang=de
lang:german                                                    | lang=de
language:de,fr                                                 | lang=de,fr
not in english                                                 | "lang=not en"
-lang:en                                                       | "lang=not en"
spanish-speaking callers                                       | lang=es
lang:xx                                                        | unknown=lang:xx
from whatsapp                                                  | source=whatsapp
source:twilio                                                  | source=twilio
twilio calls                                                   | source=twilio
phone calls yesterday                                          | source=phone since=2026-11-18 until=2026-11-19
via phone                                                      | source=phone
from the website                                               | source=web
web or whatsapp                                                | source=web,whatsapp
source:widget                                                  | source=widget
source:sip                                                     | source=sip_trunk
-source:whatsapp                                               | "source=not whatsapp"
except whatsapp                                                | "source=not whatsapp"
inbound                                                        | direction=inbound
incoming calls                                                 | direction=inbound
outgoing calls today                                           | direction=outbound since=2026-11-19 until=2026-11-20
direction:outbound                                             | direction=outbound
inbound and outbound                                           | direction=inbound,outbound
status:failed                                                  | status=failed
status:done                                                    | status=done
status:in-progress                                             | status=in-progress
calls in progress                                              | status=in-progress
-status:failed                                                 | "status=not failed"
that used the refund tool                                      | tool=refund
that used the tool lookup_order                                | tool=lookup_order
using lookup_order                                             | tool=lookup_order
tool:refund                                                    | tool=refund
tool:refund,cancel                                             | tool=cancel,refund
tool:refund tool:cancel                                        | "tool=cancel and refund"
-tool:refund                                                   | "tool=not refund"
where tool refund failed                                       | tool-failed=refund
where the refund tool failed                                   | tool-failed=refund
tool-failed:refund                                             | tool-failed=refund
tag:vip                                                        | tag=vip
tagged vip                                                     | tag=vip
-tag:vip                                                       | "tag=not vip"
user:4711                                                      | user=4711
from user 4711                                                 | user=4711
ended:"Client disconnected: 1000"                              | "ended=Client disconnected: 1000"
ended:client_disconnected                                      | ended=client_disconnected
data:order_id=123                                              | data=order_id=123
data:amount>100                                                | data=amount>100
data:"order id"="a b"                                          | "data=order id=a b"
data:order_id                                                  | data=order_id
eval:politeness=failure                                        | eval=politeness=failure
eval:politeness:failed                                         | eval=politeness=failure
var:plan=gold                                                  | var=plan=gold
var:plan=gold,silver                                           | var=plan=gold,silver
-var:plan=gold                                                 | var=plan!=gold
about "refund"                                                 | search=refund
about "late delivery" since monday                             | "search=late delivery" since=2026-11-16
mentioning refund                                              | search=refund
calls that mention refund yesterday                            | search=refund since=2026-11-18 until=2026-11-19
search:refund                                                  | search=refund
search:"refund policy"                                         | "search=refund policy"
containing "money back"                                        | "search=money back"
about refund about invoice                                     | problem=both
"""

SHAPES_AND_IDS = r"""
last 50 calls                                                  | limit=50
the last 5 failed calls                                        | limit=5 result=failure
show me 20 failed calls                                        | limit=20 result=failure
latest call                                                    | limit=1
top 20                                                         | limit=20
top 20 longest                                                 | limit=20 sort=longest
limit:50                                                       | limit=50
limit:all                                                      | limit=all
first 10 calls                                                 | limit=10 sort=oldest
oldest first                                                   | sort=oldest
newest first                                                   |
sort:oldest                                                    | sort=oldest
sort:newest                                                    |
sort:duration                                                  | sort=longest
sort:colour                                                    | unknown=sort:colour
limit:0                                                        | problem="at least 1"
limit:ten                                                      | problem=limit:50
oldest first newest first                                      | problem=oldest
how many                                                       | count=yes
how many calls failed yesterday?                               | count=yes result=failure since=2026-11-18 until=2026-11-19
how many calls were there today                                | count=yes since=2026-11-19 until=2026-11-20
number of failed calls this week                               | count=yes result=failure since=2026-11-16 until=2026-11-23
count of german calls                                          | count=yes lang=de
conv_8401k9abcdefghij                                          | id=conversation_id:conv_8401k9abcdefghij
CA0123456789abcdef0123456789abcdef which conversation was this? | id=call_sid:CA0123456789abcdef0123456789abcdef
SCL_AbCdEf123456                                               | id=scl:SCL_AbCdEf123456
call:CA0123456789abcdef0123456789abcdef                        | id=call_sid:CA0123456789abcdef0123456789abcdef
id:conv_8401k9abcdefghij                                       | id=conversation_id:conv_8401k9abcdefghij
call:a84b4c76e66710@pc33.atlanta.com                           | id=sip_call_id:a84b4c76e66710@pc33.atlanta.com
<https://elevenlabs.io/app/agents/history/conv_8401k9abcdefghij> | id=conversation_id:conv_8401k9abcdefghij
https://elevenlabs.io/app/agents/history/conv_8401k9abcdefghij?tab=1 | id=conversation_id:conv_8401k9abcdefghij
help                                                           | special=help
?                                                              | special=help
help filters                                                   | "special=help filters"
agents                                                         | special=agents
list agents                                                    | special=agents
agent:"Support EN                                              | problem=quotation "agent=Support EN"
foo:bar                                                        | unknown=foo:bar
xyzzy plugh                                                    | unknown=xyzzy unknown=plugh
failed calls 🙏                                                 | result=failure
failed calls :pray:                                            | result=failure
not                                                            | unknown=not
failed, inbound, in german                                     | result=failure direction=inbound lang=de
failed inbound german calls over 5 minutes for Support since monday | result=failure direction=inbound lang=de duration=>300 agent=Support since=2026-11-16
*failed* calls `today`                                         | result=failure since=2026-11-19 until=2026-11-20
FAILED CALLS SINCE MONDAY!!!                                   | result=failure since=2026-11-16
hey, can you send me the failed calls from last week? thanks   | result=failure since=2026-11-09 until=2026-11-16
"""

ALL = (
    RESULTS_AND_AGENTS
    + TIMES
    + NUMBERS_AND_FACTS
    + SHAPES_AND_IDS
    + FOUND_LATER
    + TIMES_AND_LENGTHS
    + WORDS
    + MEANT
    + REPORTS
    + FIELD
    + TYPED
)


def table(text: str = ALL) -> list[tuple[str, str]]:
    """Return (sentence, expectation) pairs."""
    pairs = []
    for line in text.splitlines():
        if "|" in line:
            sentence, _, expectation = line.rpartition("|")
            pairs.append((sentence.strip(), expectation.strip()))
    return pairs


def table_with_agents() -> list[tuple[str, str]]:
    """Return the pairs of sentences that are read where the agents are known."""
    return table(WITH_AGENTS + REPORTS_WITH_AGENTS + TYPED_WITH_AGENTS)
