"""Sentences whose obvious reading was once missed, or could be: written down before they were tried.

The lines are those of `sentences`; `WITH_AGENTS` is read where the agents `AGENTS` are known.
"""

# ruff: noqa: E501
# A table reads best with one sentence a line; people type look-alikes.

MEANT = r"""
# "but" takes away, before and after "all"
all failed calls but Support EN                                | result=failure "agent=not Support EN"
all calls but the failed ones                                  | "result=not failure"
all calls but failed ones                                      | "result=not failure"
all but failed calls                                           | "result=not failure"
all calls but German                                           | "lang=not de"
all calls but the German ones                                  | "lang=not de"
all calls today but whatsapp                                   | since=2026-11-19 until=2026-11-20 "source=not whatsapp"
everything but the successful ones                             | "result=not success"
all calls except failed                                        | "result=not failure"
every call but the unrated ones                                | rating=>=1
all German calls but not the failed ones                       | lang=de "result=not failure"
failed calls but not in German                                 | result=failure "lang=not de"
failed calls but not for Support EN                            | result=failure "agent=not Support EN"
failed but only German                                         | result=failure lang=de
German calls, but only from today                              | lang=de since=2026-11-19 until=2026-11-20
nothing but failed calls                                       | result=failure
none but the failed ones                                       | result=failure
all calls apart from the failed ones                           | "result=not failure"
all calls other than German                                    | "lang=not de"
all calls save the failed ones                                 | "result=not failure"
all but inbound                                                | "direction=not inbound"
calls since monday but inbound                                 | since=2026-11-16 direction=inbound
all failed calls but Support EN since monday                   | result=failure "agent=not Support EN" since=2026-11-16
any call but whatsapp and sms                                  | "source=not twilio_sms,whatsapp"
# small words that turn the meaning
successful instead of failed                                   | result=success
successful calls instead of failed calls                       | result=success
German instead of English                                      | lang=de
German calls instead of English ones                           | lang=de
instead of failed                                              | problem=instead
instead of last month                                          | problem=instead
failed calls instead of yesterday                              | result=failure problem=instead
not only failed calls                                          | problem="not only"
not just the failed ones                                       | problem="not just"
not only German calls today                                    | problem="not only"
rather than failed, successful calls                           | result=success
successful rather than failed calls                            | result=success
failed calls regardless of language                            | result=failure
calls neither failed nor German                                | "result=not failure" "lang=not de"
neither failed nor successful                                  | "result=not failure,success"
calls that did not fail                                        | "result=not failure"
calls that didn't fail                                         | "result=not failure"
calls which weren't successful                                 | "result=not success"
calls that are not German                                      | "lang=not de"
unless failed                                                  | problem=unless
only if failed                                                 | result=failure
hardly any failed calls                                        | result=failure unknown=hardly
almost failed calls                                            | result=failure unknown=almost
# a quoted name and an outcome
"Support EN" failed                                            | unknown="\"Support EN\"" result=failure
“Sales” succeeded                                              | unknown=“Sales” result=success
failed "Support EN"                                            | unknown="\"Support EN\"" result=failure
where tool "Support EN" failed                                 | "tool-failed=Support EN"
where the "refund" tool failed                                 | tool-failed=refund
tool "refund" failed                                           | tool-failed=refund
# the country is no pronoun
calls from the US                                              | unknown=US
calls from US                                                  | unknown=US
calls in the US today                                          | unknown=US since=2026-11-19 until=2026-11-20
US calls                                                       | unknown=US
calls to the US                                                | unknown=US
calls to us                                                    | direction=inbound
give us failed calls                                           | result=failure
show us the failed calls                                       | result=failure
SHOW US FAILED CALLS                                           | result=failure
calls from IT                                                  | unknown=IT
calls from HIM                                                 | unknown=HIM
calls for ME                                                   | agent=ME
calls in UK                                                    | unknown=UK
calls from the UK yesterday                                    | unknown=UK since=2026-11-18 until=2026-11-19
# a word that changes the question
top 10 callers                                                 | problem=caller
top 5 customers                                                | problem=caller
top 3 people today                                             | problem=caller
how many people failed                                         | problem=caller
how many callers today                                         | problem=caller
how many customers called yesterday                            | problem=caller
how many unique callers                                        | problem=caller
number of different callers this week                          | problem=caller
last 10 minutes of each call                                   | problem=transcript
first 30 seconds of every call                                 | problem=transcript
the end of each call                                           | problem=transcript
who is on the phone now                                        | status=in-progress
who is on the phone                                            | status=in-progress
who is calling right now                                       | status=in-progress
calls right now                                                | status=in-progress
calls going on now                                             | status=in-progress
live calls                                                     | status=in-progress
current calls                                                  | status=in-progress
repeat callers                                                 | problem=caller
callers who failed                                             | result=failure
customers who rated 1                                          | rating=1
people that used whatsapp                                      | source=whatsapp
# what cannot be found, with what can
which agents had no calls                                      | problem="calls by agent"
which agent had no calls last week                             | problem="calls by agent"
agents without calls yesterday                                 | problem="calls by agent"
agents with zero calls this week                               | problem="calls by agent"
which agents did not get any calls today                       | problem="calls by agent"
which agents didn't take any calls                             | problem="calls by agent"
which days had no calls                                        | problem="calls per day"
any agents that got no calls this month                        | problem="calls by agent"
who had no calls                                               | problem="calls by agent"
which agent never had a call                                   | problem="calls by agent"
agents not used last month                                     | problem="calls by agent"
inactive agents                                                | problem="calls by agent"
calls rated 1 or 5                                             | rating=1,5
rated 1, 3 or 5                                                | rating=1,3,5
rated 2 or 4 stars this week                                   | rating=2,4 since=2026-11-16 until=2026-11-23
rated either 1 or 5                                            | rating=1,5
rated either 4 or 5                                            | rating=4..5
rated 4 or 5                                                   | rating=4..5
calls with angry customers                                     | problem=sentiment
calls where the customer was frustrated                        | problem=sentiment
happy callers last week                                        | problem=sentiment
calls about angry customers                                    | "search=angry customers"
calls for Friendly Dental                                      | "agent=Friendly Dental"
anything unusual                                               | problem="what changed"
anything unusual today                                         | problem="what changed"
anything strange yesterday                                     | problem="what changed"
any anomalies this week                                        | problem="what changed"
anything interesting today                                     | problem="what changed"
suspicious calls                                               | problem="what changed"
calls for the team                                             |
failed calls for the team yesterday                            | result=failure since=2026-11-18 until=2026-11-19
calls for our team today                                       | since=2026-11-19 until=2026-11-20
calls for the Billing team                                     | "agent=Billing team"
slowest agent                                                  | problem="longest average"
slowest agents last week                                       | problem="longest average"
fastest agent                                                  | problem="longest average"
which agent is the slowest                                     | problem="longest average"
fastest calls                                                  | problem="longest average"
who is the slowest                                             | problem="longest average"
agent with the slowest calls                                   | problem="longest average"
slowest day                                                    | show=calls by=day sort=lowest
which hour is the slowest                                      | show=calls by=hour sort=lowest
best reasons for failure by success rate                       | problem="top 5 reasons"
worst reasons for failure                                      | problem="top 5 reasons"
cost above $50                                                 | problem="most expensive"
calls above $50                                                | problem="most expensive"
calls that cost over $1                                        | problem="most expensive"
calls cheaper than $1                                          | problem="most expensive"
calls with a cost > 50                                         | problem="most expensive"
calls costing less than 20 cents today                         | problem="most expensive"
calls over $0.50                                               | problem="most expensive"
calls more expensive than $1                                   | problem="most expensive"
calls over a dollar                                            | problem="most expensive"
cost between $1 and $2                                         | problem="most expensive"
calls costing 50 cents or more                                 | problem="most expensive"
expensive calls                                                | problem="most expensive"
agents with cost above $50                                     | problem="in order"
most expensive calls                                           | sort=most-expensive
# measures and judgements are no topics
total minutes last month                                       | show=total-duration since=2026-10-01 until=2026-11-01
why did calls fail                                             | problem=why
why calls failed yesterday                                     | problem=why
why do they hang up                                            | problem=why
angry customers                                                | problem=sentiment
unhappy callers today                                          | problem=sentiment
any angry customers                                            | problem=sentiment
rude calls                                                     | problem=sentiment
latency last week                                              | problem=latency
sentiment of calls                                             | problem=sentiment
# one known word, a letter away
faled calls                                                    | result=failure
failled calls yesterday                                        | result=failure since=2026-11-18 until=2026-11-19
sucessful calls                                                | result=success
successfull calls                                              | result=success
yesteday                                                       | since=2026-11-18 until=2026-11-19
calls yestarday                                                | since=2026-11-18 until=2026-11-19
inbond calls                                                   | direction=inbound
outbuond calls                                                 | direction=outbound
germn calls                                                    | lang=de
whatsap calls                                                  | source=whatsapp
calls since mondey                                             | since=2026-11-16
calls in octobre                                               | since=2026-10-01 until=2026-11-01
calls last wek                                                 | since=2026-11-09 until=2026-11-16
failed calls this mnth                                         | result=failure since=2026-11-01 until=2026-12-01
how mny failed calls                                           | count=yes result=failure
# what a filter cannot use goes to no other
calls rated 4.5                                                | problem=4.5
rated 4,5 stars                                                | rating=4..5
about version 2.1                                              | "search=version 2.1"
mentioning version 3.11 today                                  | "search=version 3.11" since=2026-11-19 until=2026-11-20
calls about windows 11                                         | "search=windows 11"
duration:1.5                                                   | problem=1.5
rating:4.5                                                     | problem=4.5
# operators and pairs
status != done                                                 | "status=not done"
status!=done                                                   | "status=not done"
result != failure                                              | "result=not failure"
lang != de                                                     | "lang=not de"
rating != 1                                                    | "rating=not 1"
rating:<=2 duration:>60                                        | rating=<=2 duration=>60
rating <= 2                                                    | rating=<=2
duration > 60                                                  | duration=>60
duration >= 5 minutes                                          | duration=>=300
# noise that changes nothing
failed calls team                                              | result=failure
failed calls asap                                              | result=failure
failed calls asap please                                       | result=failure
team, failed calls please                                      | result=failure
failed calls :pray:                                            | result=failure
failed calls 🙏                                                | result=failure
failed calls 🙏🏽                                              | result=failure
🔥failed calls🔥                                               | result=failure
failed :custom_party: calls                                    | result=failure
hey team :wave::skin-tone-3: failed calls today                | result=failure since=2026-11-19 until=2026-11-20
failed calls thanks in advance                                 | result=failure
_failed calls since monday_                                    | result=failure since=2026-11-16
*failed calls* since _last monday_                             | result=failure since=2026-11-16
&gt; failed calls today                                        | result=failure since=2026-11-19 until=2026-11-20
> failed calls today                                           | result=failure since=2026-11-19 until=2026-11-20
"""


AGENTS = (
    "Support EN",
    "Support DE",
    "Sales",
    "Booking",
    "Booking (staging)",
    "Booking (production)",
    "Node.js Helper",
    "Booking.com",
    "Night Bot",
    "Will",
)

WITH_AGENTS = r"""
# two agents compared
Support EN compared to Sales last week                         | agent="Sales,Support EN" show=calls,success-rate,median-duration,cost,rating by=agent since=2026-11-09 until=2026-11-16
"Support EN" compared with "Sales" last week                   | agent="Sales,Support EN" show=calls,success-rate,median-duration,cost,rating by=agent since=2026-11-09 until=2026-11-16
success rate of Support EN compared to Sales                   | agent="Sales,Support EN" show=success-rate by=agent
how does Support EN compare to Sales                           | agent="Sales,Support EN" show=calls,success-rate,median-duration,cost,rating by=agent
failed calls by agent                                          | result=failure show=calls by=agent
is there anything wrong                                        | result=failure
2pm, three                                                     | unknown=three problem="moment"
is Support EN better than Sales                                | agent="Sales,Support EN" show=success-rate by=agent
is Sales doing worse than Support EN this week                 | agent="Sales,Support EN" show=success-rate by=agent since=2026-11-16 until=2026-11-23
which of Sales and Support EN is better                        | agent="Sales,Support EN" show=success-rate by=agent
is the cost of Sales worse than Support EN                     | agent="Sales,Support EN" show=cost by=agent
Support EN vs Sales last week                                  | agent="Sales,Support EN" show=calls,success-rate,median-duration,cost,rating by=agent since=2026-11-09 until=2026-11-16
compare Support EN with Sales                                  | agent="Sales,Support EN" show=calls,success-rate,median-duration,cost,rating by=agent
# the agents of AGENTS are known, as in Slack
"Support EN" failed                                            | "agent=Support EN" result=failure
“Sales” succeeded                                              | agent=Sales result=success
failed "Support EN"                                            | "agent=Support EN" result=failure
Booking (staging) this week                                    | "agent=Booking (staging)" since=2026-11-16 until=2026-11-23
for Booking (staging) this week                                | "agent=Booking (staging)" since=2026-11-16 until=2026-11-23
failed calls Booking (production)                              | "agent=Booking (production)" result=failure
all failed calls but Support EN                                | result=failure "agent=not Support EN"
all calls but Sales                                            | "agent=not Sales"
failed calls since monday but Support EN                       | result=failure "agent=not Support EN" since=2026-11-16
failed calls, but Booking (staging)                            | result=failure "agent=not Booking (staging)"
failed calls but for Support EN                                | result=failure "agent=Support EN"
failed but only Sales                                          | result=failure agent=Sales
all calls except Booking (staging)                             | "agent=not Booking (staging)"
calls for Support EN bot                                       | "agent=Support EN"
calls for the Support EN team                                  | "agent=Support EN"
hey bot, failed calls                                          | result=failure
Support EN >= 4 stars                                          | "agent=Support EN" rating=>=4
Support EN > 5 min                                             | "agent=Support EN" duration=>300
@bot failed calls                                              | result=failure
failed calls for the bot                                       | result=failure agent=bot
Night Bot today                                                | "agent=Night Bot" since=2026-11-19 until=2026-11-20
Support EN bot yesterday                                       | "agent=Support EN" since=2026-11-18 until=2026-11-19
Support EN agent failed                                        | "agent=Support EN" result=failure
both support agents                                            | "agent=Support DE,Support EN"
both support agents yesterday                                  | "agent=Support DE,Support EN" since=2026-11-18 until=2026-11-19
failed calls for both support agents                           | result=failure "agent=Support DE,Support EN"
Node.js Helper today                                           | "agent=Node.js Helper" since=2026-11-19 until=2026-11-20
for <http://Node.js|Node.js> Helper                            | "agent=Node.js Helper"
for <http://Booking.com|Booking.com>                           | agent=Booking.com
Booking.com failed                                             | agent=Booking.com result=failure
about <http://acme.com|acme.com>                               | search=acme.com
about &lt;http://acme.com|acme.com&gt;                         | search=acme.com
"""
