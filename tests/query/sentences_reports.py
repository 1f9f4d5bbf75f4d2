"""Questions for numbers, as managers, quality and finance people type them: written down before they were tried.

The lines are those of `sentences`; `show`, `by` and `compare` are what the report shows, what it is grouped by
and what it is compared with (`previous`, or a span). Of a report on nothing else, `show` is `calls`.
`REPORTS_WITH_AGENTS` is read where the agents of `sentences_meant` are known.
"""

# ruff: noqa: E501
# A table reads best with one sentence a line.

REPORTS = r"""
# rates
success rate                                                   | show=success-rate
success rate last week                                         | show=success-rate since=2026-11-09 until=2026-11-16
What's our success rate this month?                            | show=success-rate since=2026-11-01 until=2026-12-01
failure rate for Support EN since monday                       | show=failure-rate "agent=Support EN" since=2026-11-16
error rate yesterday                                           | show=failure-rate since=2026-11-18 until=2026-11-19
rate of success in october                                     | show=success-rate since=2026-10-01 until=2026-11-01
unknown rate last week                                         | show=unknown-rate since=2026-11-09 until=2026-11-16
how high is the failure rate today                             | show=failure-rate since=2026-11-19 until=2026-11-20
success and failure rate by agent                              | show=success-rate,failure-rate by=agent
success rate of german calls                                   | show=success-rate lang=de
success rate of calls over 5 minutes                           | show=success-rate duration=>300
inbound success rate                                           | show=success-rate direction=inbound
success rate on whatsapp                                       | show=success-rate source=whatsapp
show:success-rate                                              | show=success-rate
show:success-rate by:agent                                     | show=success-rate by=agent
show:success-rate,cost by:agent,day                            | show=success-rate,cost by=agent,day
completion rate this week                                      | show=success-rate since=2026-11-16 until=2026-11-23
resolution rate this week                                      | show=success-rate since=2026-11-16 until=2026-11-23
# per cent and shares
what percentage of calls failed                                | show=failure-rate
what % of calls failed last week                               | show=failure-rate since=2026-11-09 until=2026-11-16
% failed                                                       | show=failure-rate
% of failed calls by agent                                     | show=failure-rate by=agent
what percent of calls were successful yesterday                | show=success-rate since=2026-11-18 until=2026-11-19
percentage of successful calls per day this week               | show=success-rate by=day since=2026-11-16 until=2026-11-23
how many percent of our calls failed today                     | show=failure-rate since=2026-11-19 until=2026-11-20
what share of calls failed                                     | show=failure-rate
share of failed calls last week                                | show=failure-rate since=2026-11-09 until=2026-11-16
proportion of unsuccessful calls                               | show=failure-rate
share of whatsapp calls                                        | show=share source=whatsapp
share of whatsapp calls last month                             | show=share source=whatsapp since=2026-10-01 until=2026-11-01
what share of calls were in german                             | show=share lang=de
what percentage of calls were inbound this month               | show=share direction=inbound since=2026-11-01 until=2026-12-01
what fraction of calls lasted over 10 minutes                  | show=share duration=>600
share of german calls per month in 2026                        | show=share lang=de by=month since=2026-01-01 until=2027-01-01
what percentage of calls are longer than 5 minutes             | show=share duration=>300
share                                                          | problem=share
# lengths
average call length                                            | show=average-duration
average call duration last week                                | show=average-duration since=2026-11-09 until=2026-11-16
avg duration by agent                                          | show=average-duration by=agent
mean call length in october                                    | show=average-duration since=2026-10-01 until=2026-11-01
AHT                                                            | show=average-duration
AHT by agent last week                                         | show=average-duration by=agent since=2026-11-09 until=2026-11-16
average handle time yesterday                                  | show=average-duration since=2026-11-18 until=2026-11-19
average handling time per agent                                | show=average-duration by=agent
how long is the average call                                   | show=average-duration
how long are calls on average                                  | show=average-duration
how long do calls take on average for Support EN               | show=average-duration "agent=Support EN"
typical call length                                            | show=median-duration
median call length                                             | show=median-duration
median call length inbound vs outbound                         | show=median-duration by=direction direction=inbound,outbound
median duration of failed calls                                | show=median-duration result=failure
p90 call length                                                | show=p90-duration
p90 duration by agent                                          | show=p90-duration by=agent
90th percentile of call length last month                      | show=p90-duration since=2026-10-01 until=2026-11-01
total talk time last week                                      | show=total-duration since=2026-11-09 until=2026-11-16
total minutes in october                                       | show=total-duration since=2026-10-01 until=2026-11-01
how many minutes did we talk last month                        | show=total-duration since=2026-10-01 until=2026-11-01
talk time per day this week                                    | show=total-duration by=day since=2026-11-16 until=2026-11-23
minutes per agent last month                                   | show=total-duration by=agent since=2026-10-01 until=2026-11-01
total call duration by month                                   | show=total-duration by=month
# money
how much did we spend in October                               | show=cost since=2026-10-01 until=2026-11-01
how much did we spend on Support EN last month                 | show=cost "agent=Support EN" since=2026-10-01 until=2026-11-01
cost of calls last week                                        | show=cost since=2026-11-09 until=2026-11-16
total cost per agent this month                                | show=cost by=agent since=2026-11-01 until=2026-12-01
costs by month                                                 | show=cost by=month
spend per day this month                                       | show=cost by=day since=2026-11-01 until=2026-12-01
what did calls cost yesterday                                  | show=cost since=2026-11-18 until=2026-11-19
how much did failed calls cost last week                       | show=cost result=failure since=2026-11-09 until=2026-11-16
what do we pay per call                                        | show=average-cost
cost per call by agent                                         | show=average-cost by=agent
average cost per call last month                               | show=average-cost since=2026-10-01 until=2026-11-01
average cost in october                                        | show=average-cost since=2026-10-01 until=2026-11-01
how many credits did we use last week                          | show=cost since=2026-11-09 until=2026-11-16
credits used per agent                                         | show=cost by=agent
which agent costs the most                                     | show=cost by=agent
most expensive agent last month                                | show=cost by=agent since=2026-10-01 until=2026-11-01
spending in Q3                                                 | show=cost since=2026-07-01 until=2026-10-01
# ratings and messages
average rating                                                 | show=rating
average rating by agent last month                             | show=rating by=agent since=2026-10-01 until=2026-11-01
CSAT                                                           | show=rating
CSAT per week this quarter                                     | show=rating by=week since=2026-10-01 until=2027-01-01
customer satisfaction by language                              | show=rating by=language
mean rating yesterday                                          | show=rating since=2026-11-18 until=2026-11-19
average messages per call                                      | show=messages
average number of turns by agent                               | show=messages by=agent
how many messages per call on average                          | show=messages
# groups
calls per day                                                  | show=calls by=day
calls by agent                                                 | show=calls by=agent
calls per hour yesterday                                       | show=calls by=hour since=2026-11-18 until=2026-11-19
number of calls by agent this week                             | show=calls by=agent since=2026-11-16 until=2026-11-23
how many calls per agent last week                             | show=calls by=agent since=2026-11-09 until=2026-11-16
how many calls did each agent have yesterday                   | show=calls by=agent since=2026-11-18 until=2026-11-19
how many failed calls per day this month                       | show=calls by=day result=failure since=2026-11-01 until=2026-12-01
failures per day this month                                    | show=calls by=day result=failure since=2026-11-01 until=2026-12-01
failed calls by agent                                          | show=calls by=agent result=failure
failures by agent and day                                      | show=calls by=agent,day result=failure
call volume by hour today                                      | show=calls by=hour since=2026-11-19 until=2026-11-20
call volume last week                                          | show=calls since=2026-11-09 until=2026-11-16
daily calls last month                                         | show=calls by=day since=2026-10-01 until=2026-11-01
daily call volume for Support EN in october                    | show=calls by=day "agent=Support EN" since=2026-10-01 until=2026-11-01
weekly failures this quarter                                   | show=calls by=week result=failure since=2026-10-01 until=2027-01-01
monthly cost this year                                         | show=cost by=month since=2026-01-01 until=2027-01-01
hourly calls yesterday                                         | show=calls by=hour since=2026-11-18 until=2026-11-19
calls each day this week                                       | show=calls by=day since=2026-11-16 until=2026-11-23
calls for each agent                                           | show=calls by=agent
calls in each language last week                               | show=calls by=language since=2026-11-09 until=2026-11-16
calls grouped by language                                      | show=calls by=language
calls broken down by source                                    | show=calls by=source
breakdown of calls by result                                   | show=calls by=result
break down failed calls by agent                               | show=calls by=agent result=failure
split by direction                                             | show=calls by=direction
success rate by weekday                                        | show=success-rate by=weekday
success rate per channel                                       | show=success-rate by=source
success rate by day of the week                                | show=success-rate by=weekday
success rate by hour of day                                    | show=success-rate by=hour
calls by status                                                | show=calls by=status
calls by rating                                                | show=calls by=rating
calls by tool                                                  | show=calls by=tool
calls by tag last week                                         | show=calls by=tag since=2026-11-09 until=2026-11-16
calls by outcome                                               | show=calls by=result
calls by end reason                                            | show=calls by=ended
calls by termination reason                                    | show=calls by=ended
calls by branch                                                | show=calls by=branch
success rate by version                                        | show=success-rate by=version
success rate by agent by day                                   | show=success-rate by=agent,day
success rate by agent and by day                               | show=success-rate by=agent,day
success rate per agent per day last week                       | show=success-rate by=agent,day since=2026-11-09 until=2026-11-16
calls by eval.politeness                                       | show=calls by=eval.politeness
calls by data.product last week                                | show=calls by=data.product since=2026-11-09 until=2026-11-16
by:agent                                                       | show=calls by=agent
by agent                                                       | show=calls by=agent
count per agent                                                | show=calls by=agent
count by agent last week                                       | show=calls by=agent since=2026-11-09 until=2026-11-16
calls by agent, day and hour                                   | problem="two"
# who has the most, top and busiest
which agent has the most failures                              | show=calls by=agent result=failure
which agent had the most calls last week                       | show=calls by=agent since=2026-11-09 until=2026-11-16
which agent has the highest success rate                       | show=success-rate by=agent
which agent has the lowest success rate                        | show=success-rate by=agent sort=lowest
which agent has the fewest calls                               | show=calls by=agent sort=lowest
which agents fail the most                                     | show=calls by=agent result=failure
which day had the most calls last month                        | show=calls by=day since=2026-10-01 until=2026-11-01
what day of the week is busiest                                | show=calls by=weekday
which hour has the most calls                                  | show=calls by=hour
busiest hour yesterday                                         | show=calls by=hour since=2026-11-18 until=2026-11-19
busiest hour                                                   | show=calls by=hour
what was our busiest day last month                            | show=calls by=day since=2026-10-01 until=2026-11-01
busiest day of the week                                        | show=calls by=weekday
peak hours this week                                           | show=calls by=hour since=2026-11-16 until=2026-11-23
quietest hour                                                  | show=calls by=hour sort=lowest
when are we busiest                                            | show=calls by=hour
when do most calls come in                                     | show=calls by=hour
top 5 reasons for failure                                      | show=calls by=ended result=failure limit=5
top reasons for failure last week                              | show=calls by=ended result=failure since=2026-11-09 until=2026-11-16
reasons for failure                                            | show=calls by=ended result=failure
how did calls end last week                                    | show=calls by=ended since=2026-11-09 until=2026-11-16
most common end reasons                                        | show=calls by=ended
top 3 agents by success rate                                   | show=success-rate by=agent limit=3
top 10 agents by calls                                         | show=calls by=agent limit=10
top 5 agents                                                   | show=calls by=agent limit=5
for friday top 5 agents                                        | show=calls by=agent limit=5 since=2026-11-13 until=2026-11-14
top 5 languages last month                                     | show=calls by=language limit=5 since=2026-10-01 until=2026-11-01
best agent last week                                           | show=success-rate by=agent since=2026-11-09 until=2026-11-16
worst agents this month                                        | show=success-rate by=agent sort=lowest since=2026-11-01 until=2026-12-01
bottom 3 agents by rating                                      | show=rating by=agent sort=lowest limit=3
most used tools                                                | show=calls by=tool
most common language                                           | show=calls by=language
rank agents by success rate                                    | show=success-rate by=agent
agents by success rate                                         | show=success-rate by=agent
which languages do callers speak                               | show=calls by=language
# trends
is the failure rate going up?                                  | show=failure-rate by=day
is the failure rate going up this month                        | show=failure-rate by=day since=2026-11-01 until=2026-12-01
trend of failures                                              | show=calls by=day result=failure
failure rate trend this quarter                                | show=failure-rate by=day since=2026-10-01 until=2027-01-01
success rate over time                                         | show=success-rate by=day
calls over time last month                                     | show=calls by=day since=2026-10-01 until=2026-11-01
are we getting better                                          | show=success-rate by=day
# comparisons
this week vs last week                                         | show=calls compare=previous since=2026-11-16 until=2026-11-23
this week versus last week                                     | show=calls compare=previous since=2026-11-16 until=2026-11-23
compare this week with last week                               | show=calls compare=previous since=2026-11-16 until=2026-11-23
compare failed calls this week to last week                    | show=calls compare=previous result=failure since=2026-11-16 until=2026-11-23
success rate by agent last week vs the week before             | show=success-rate by=agent compare=previous since=2026-11-09 until=2026-11-16
success rate this week compared to last week                   | show=success-rate compare=previous since=2026-11-16 until=2026-11-23
october compared to september                                  | show=calls compare=previous since=2026-10-01 until=2026-11-01
october vs august                                              | show=calls compare=2026-08-01..2026-09-01 since=2026-10-01 until=2026-11-01
october vs october last year                                   | show=calls compare=2025-10-01..2025-11-01 since=2026-10-01 until=2026-11-01
cost in october compared with september                        | show=cost compare=previous since=2026-10-01 until=2026-11-01
today vs yesterday                                             | show=calls compare=previous since=2026-11-19 until=2026-11-20
how many calls today compared to yesterday                     | show=calls compare=previous since=2026-11-19 until=2026-11-20
failures this month vs last month by agent                     | show=calls compare=previous by=agent result=failure since=2026-11-01 until=2026-12-01
Q3 vs Q2                                                       | show=calls compare=previous since=2026-07-01 until=2026-10-01
success rate last 7 days vs the 7 days before                  | show=success-rate compare=previous since=2026-11-12T14:30
success rate last 7 days compared to the previous period       | show=success-rate compare=previous since=2026-11-12T14:30
failure rate compared to last week                             | show=failure-rate compare=previous since=2026-11-16 until=2026-11-23
calls week over week                                           | show=calls compare=previous since=2026-11-16 until=2026-11-23
cost month over month                                          | show=cost compare=previous since=2026-11-01 until=2026-12-01
show:cost compare:previous this month                          | show=cost compare=previous since=2026-11-01 until=2026-12-01
compare october and november                                   | show=calls compare=2026-11-01..2026-12-01 since=2026-10-01 until=2026-11-01
compare inbound and outbound                                   | show=calls,success-rate,median-duration,cost,rating by=direction direction=inbound,outbound
inbound vs outbound this week                                  | show=calls,success-rate,median-duration,cost,rating by=direction direction=inbound,outbound since=2026-11-16 until=2026-11-23
failed vs successful calls by day                              | show=calls by=day,result result=failure,success
german vs english success rate                                 | show=success-rate by=language lang=de,en
whatsapp vs phone                                              | show=calls,success-rate,median-duration,cost,rating by=source source=phone,whatsapp
compare agents                                                 | show=calls by=agent
compare agents by success rate                                 | show=success-rate by=agent
compare                                                        | problem=compare
this week vs last week compared to september                   | problem=twice
compared to last week                                          | show=calls compare=previous since=2026-11-16 until=2026-11-23
# overviews
overview                                                       | show=overview
overview of last week                                          | show=overview since=2026-11-09 until=2026-11-16
summary of last week                                           | show=overview since=2026-11-09 until=2026-11-16
give me an overview of Support EN this month                   | show=overview "agent=Support EN" since=2026-11-01 until=2026-12-01
how are we doing                                               | show=overview
how are we doing this week                                     | show=overview since=2026-11-16 until=2026-11-23
how did we do yesterday                                        | show=overview since=2026-11-18 until=2026-11-19
how is Support DE doing?                                       | show=overview "agent=Support DE"
how did Support DE do last week                                | show=overview "agent=Support DE" since=2026-11-09 until=2026-11-16
how is Support DE performing this week                         | show=overview "agent=Support DE" since=2026-11-16 until=2026-11-23
KPI report for november                                        | show=overview since=2026-11-01 until=2026-12-01
KPIs last week                                                 | show=overview since=2026-11-09 until=2026-11-16
key figures for october                                        | show=overview since=2026-10-01 until=2026-11-01
performance of Support EN                                      | show=overview "agent=Support EN"
stats for today                                                | show=overview since=2026-11-19 until=2026-11-20
statistics last month                                          | show=overview since=2026-10-01 until=2026-11-01
weekly report                                                  | problem="overview of last week"
dashboard for this week                                        | show=overview since=2026-11-16 until=2026-11-23
# what words of both kinds leave a list or a count
how many failed calls last week                                | count=yes result=failure since=2026-11-09 until=2026-11-16
how many calls for Support EN                                  | count=yes "agent=Support EN"
failed calls handled by Support EN                             | "agent=Support EN" result=failure
calls by agent Support EN                                      | "agent=Support EN"
calls about the success rate                                   | "search=the success rate"
calls mentioning cost                                          | search=cost
about "failure rate"                                           | "search=failure rate"
calls by friday                                                | until=2026-11-14
# said in other ways
show me a chart of failed calls per day                        | show=calls by=day result=failure
plot calls by hour yesterday                                   | show=calls by=hour since=2026-11-18 until=2026-11-19
chart of calls last month                                      | show=calls by=day since=2026-10-01 until=2026-11-01
which agent performs best                                      | show=success-rate by=agent
which agent is the worst this week                             | show=success-rate by=agent sort=lowest since=2026-11-16 until=2026-11-23
which agent has the best rating                                | show=rating by=agent
which agent has the worst rating                               | show=rating by=agent sort=lowest
rating by agent                                                | show=rating by=agent
how did this week compare to last week                         | show=calls compare=previous since=2026-11-16 until=2026-11-23
how does october compare with september                        | show=calls compare=previous since=2026-10-01 until=2026-11-01
did the success rate improve this month                        | show=success-rate by=day since=2026-11-01 until=2026-12-01
has the failure rate increased this month                      | show=failure-rate by=day since=2026-11-01 until=2026-12-01
how much does a call cost on average                           | show=average-cost
how expensive are our calls                                    | show=average-cost
calls this month compared to the same period last month        | show=calls compare=previous since=2026-11-01 until=2026-12-01
success rate yesterday vs same day last week                   | problem="name it"
last 30 days vs previous 30 days                               | show=calls compare=previous since=2026-10-20T14:30
compare inbound with outbound                                  | show=calls,success-rate,median-duration,cost,rating by=direction direction=inbound,outbound
calls by country                                               | problem="group by agent"
calls per customer                                             | problem="group by agent"
calls by year                                                  | problem="group by agent"
calls per quarter                                              | problem="group by agent"
calls by duration                                              | problem="group by agent"
compare calls with feedback                                    | problem=compare
# text search, and odd company
success rate of calls about refunds                            | show=success-rate search=refunds
calls about refund per day this week                           | show=calls by=day search=refund since=2026-11-16 until=2026-11-23
success rate of failed calls                                   | problem="result"
success rate of the last 100 calls                             | problem="all calls"
success rate not by agent                                      | problem="by"
conv_8401k9abcdefghij by agent                                 | problem="one call"
# what rows cannot tell
unique callers last week                                       | problem=callers
how many different people called yesterday                     | problem=callers
average latency                                                | problem=latency
average response time by agent                                 | problem=latency
why do calls fail                                              | problem="reasons for failure"
why is the failure rate so high                                | problem="reasons for failure"
sentiment by agent                                             | problem=sentiment
forecast for next week                                         | problem=forecast
first call resolution                                          | problem=callers
average wait time                                              | problem=wait
# which end is the best depends on what is measured; averages, charts and orders of groups
how expensive were calls for Sales                             | show=average-cost agent=Sales
how expensive was october                                      | show=average-cost since=2026-10-01 until=2026-11-01
how much does a call cost                                      | show=average-cost
best rated agent                                               | show=rating by=agent
worst rated agents this month                                  | show=rating by=agent sort=lowest since=2026-11-01 until=2026-12-01
best rated calls                                               | sort=best-rated
worst performing agent last week                               | show=success-rate by=agent sort=lowest since=2026-11-09 until=2026-11-16
which agents are the worst                                     | show=success-rate by=agent sort=lowest
worst 3 agents by failure rate                                 | show=failure-rate by=agent limit=3
worst agents by success rate                                   | show=success-rate by=agent sort=lowest
best agents by cost                                            | show=cost by=agent sort=lowest
best agents by failure rate                                    | show=failure-rate by=agent sort=lowest
failure rate by agent worst first                              | show=failure-rate by=agent
success rate by agent worst first                              | show=success-rate by=agent sort=lowest
success rate by agent highest first                            | show=success-rate by=agent
which day had the worst failure rate                           | show=failure-rate by=day
calls worst first                                              | problem="lowest of what"
cheapest agent                                                 | show=cost by=agent sort=lowest
longest average call by agent                                  | show=average-duration by=agent
which agent has the longest average call                       | show=average-duration by=agent
agents ranked by success rate                                  | show=success-rate by=agent
rank agents by failures                                        | by=agent show=calls result=failure
sort agents by success rate                                    | show=success-rate by=agent
agents with the most calls                                     | show=calls by=agent
agent with the lowest csat                                     | show=rating by=agent sort=lowest
agents with the fewest failures                                | show=calls by=agent sort=lowest result=failure
which language has the best success rate                       | show=success-rate by=language
chart of calls per day                                         | show=calls by=day
graph failures by day this month                               | show=calls by=day result=failure since=2026-11-01 until=2026-12-01
plot success rate by week                                      | show=success-rate by=week
chart failures today                                           | show=calls by=hour result=failure since=2026-11-19 until=2026-11-20
chart of failed calls                                          | show=calls by=day result=failure
bar chart of calls by agent                                    | show=calls by=agent
pie chart of results                                           | show=calls by=result
chart this week vs last week                                   | show=calls compare=previous since=2026-11-16 until=2026-11-23
average number of turns per call                               | show=messages
which tool fails most                                          | show=calls by=tool result=failure
which tools are used most                                      | show=calls by=tool
how often do calls fail                                        | show=failure-rate
rate of failed calls by agent                                  | show=failure-rate by=agent
failing calls percentage                                       | show=failure-rate
when do calls fail most                                        | show=calls by=hour result=failure
how long is a typical call                                     | show=median-duration
how busy were we yesterday                                     | show=calls since=2026-11-18 until=2026-11-19
no. of calls today                                             | count=yes since=2026-11-19 until=2026-11-20
total calls today                                              | count=yes since=2026-11-19 until=2026-11-20
total calls by agent                                           | show=calls by=agent
last 7 days vs previous 7 days                                 | show=calls compare=previous since=2026-11-12T14:30
last 14 days compared to the 2 weeks before                    | show=calls compare=previous since=2026-11-05T14:30
last 7 days vs previous 30 days                                | problem="as long as"
average calls per day last month                               | problem="Averages are of calls"
p50 cost                                                       | problem="not among those"
p95 call length by agent                                       | problem="not among those"
escalation rate by agent                                       | problem="Rates are of calls"
cost per minute last week                                      | problem="averaged by call"
tasa de éxito por agente                                       | unknown=tasa unknown=de unknown=éxito unknown=por unknown=agente problem=inglés
gesprekken per dag                                             | unknown=gesprekken unknown=per unknown=dag problem=Engels
# of calls                                                     | count=yes
# of failed calls yesterday                                     | count=yes result=failure since=2026-11-18 until=2026-11-19
total failed calls this week                                   | count=yes result=failure since=2026-11-16 until=2026-11-23
who has the most failures                                      | problem="which agent has the most failures"
first half of november vs second half                          | show=calls compare=2026-11-16..2026-12-01 since=2026-11-01 until=2026-11-16
difference in cost between october and november                | show=cost compare=2026-11-01..2026-12-01 since=2026-10-01 until=2026-11-01
agents with success rate below 80%                             | problem="success rate by agent lowest first"
sum of durations                                               | show=total-duration
tools used most often                                          | show=calls by=tool
most used tools                                                | show=calls by=tool
by agent asap                                                  | show=calls by=agent
hey bot, failed calls asap                                     | result=failure
worst day last month                                           | show=success-rate by=day sort=lowest since=2026-10-01 until=2026-11-01
best week this year                                            | show=success-rate by=week since=2026-01-01 until=2027-01-01
agent ranking                                                  | show=calls by=agent
report for last week                                           | show=overview since=2026-11-09 until=2026-11-16
5 random calls                                                 | problem="no random choice" unknown=5
columns cost                                                   | columns=cost
calls that have more than 10 messages                          | problem=message_count
"""

REPORTS_WITH_AGENTS = r"""
success rate Support EN vs Support DE last week                | show=success-rate by=agent "agent=Support DE,Support EN" since=2026-11-09 until=2026-11-16
how is Support EN doing                                        | show=overview "agent=Support EN"
Support EN success rate                                        | show=success-rate "agent=Support EN"
Support EN failure rate per day last week                      | show=failure-rate by=day "agent=Support EN" since=2026-11-09 until=2026-11-16
compare Support EN with Support DE this month                  | show=calls,success-rate,median-duration,cost,rating by=agent "agent=Support DE,Support EN" since=2026-11-01 until=2026-12-01
compare Support EN and Support DE                              | show=calls,success-rate,median-duration,cost,rating by=agent "agent=Support DE,Support EN"
what did Support EN cost last month                            | show=cost "agent=Support EN" since=2026-10-01 until=2026-11-01
calls by Support EN                                            | "agent=Support EN"
calls by agent Support EN                                      | "agent=Support EN"
AHT of Support EN and Support DE                               | show=average-duration "agent=Support DE,Support EN"
share of Support EN last week                                  | show=share "agent=Support EN" since=2026-11-09 until=2026-11-16
"""
