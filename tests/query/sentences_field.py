"""Sentences found in the field, written down before they were tried.

Either of several topics, values as they are pasted, lengths, times and zones as they are spoken. The lines are those
of `sentences`; of several topics any may be said.
"""

# ruff: noqa: E501
# A table reads best with one sentence a line; people paste what they have.

FIELD = r"""
# either of several topics
calls about refunds or cancellations                           | "search=refunds / cancellations"
about refunds or cancellations                                 | "search=refunds / cancellations"
refund or cancellation since monday                            | "search=refund / cancellation" since=2026-11-16
"late delivery" or refund                                      | "search=late delivery / refund"
refunds, cancellations or returns                              | "search=refunds / cancellations / returns"
search:refund,cancellation                                     | "search=refund / cancellation"
shipping or returns last week                                  | "search=shipping / returns" since=2026-11-09 until=2026-11-16
calls about "late delivery" or "wrong size"                    | "search=late delivery / wrong size"
calls about late delivery or wrong size yesterday              | "search=late delivery / wrong size" since=2026-11-18 until=2026-11-19
failed calls mentioning refund or cancellation                 | result=failure "search=refund / cancellation"
calls about refunds, cancellations or returns                  | "search=refunds / cancellations / returns"
calls about refunds, cancellations, or returns today           | "search=refunds / cancellations / returns" since=2026-11-19 until=2026-11-20
calls about refunds or about cancellations                     | "search=refunds / cancellations"
search:"late delivery",refund failed                           | "search=late delivery / refund" result=failure
about whatsapp or sms                                          | "search=whatsapp / sms"
about refund or refund                                         | search=refund
how many calls about shipping or returns last week             | count=yes "search=shipping / returns" since=2026-11-09 until=2026-11-16
success rate of calls about refunds or cancellations           | show=success-rate "search=refunds / cancellations"
about "refund or return"                                       | "search=refund or return"
about a refund for Support EN                                  | "search=a refund" "agent=Support EN"
about apples, pears, plums, figs, kiwis or limes               | problem=five
search:one,two,three,four,five,six                             | problem=five
refund or Support EN                                           | unknown=refund unknown=Support unknown=EN
xyzzy plugh or German                                          | unknown=xyzzy unknown=plugh lang=de
angry or rude customers                                        | problem=sentiment
calls about refunds or failed                                  | search=refunds result=failure problem="different filters"
failed or refund                                               | result=failure unknown=refund
Sales or Billing                                               | unknown=Sales unknown=Billing
# collected data as people write it
data:order_id = 1042                                           | data=order_id=1042
where the order_id is 1042                                     | data=order_id=1042
order_id 1042                                                  | data=order_id=1042
order id = 1042                                                | data=order_id=1042
order_id=1042                                                  | data=order_id=1042
order_id:1042                                                  | data=order_id=1042
order_id: 1042                                                 | data=order_id=1042
customer_number 77 last week                                   | data=customer_number=77 since=2026-11-09 until=2026-11-16
# numbers
calls from (415) 555-0134                                      | "number=(415)555-0134"
calls from +1 (415) 555-0134                                   | "number=+1(415)555-0134"
calls from 415-555-0134                                        | "number=415-555-0134"
from 0170 1234567                                              | "number=01701234567"
result not equal to failure                                    | "result=not failure"
result is not equal to success                                 | "result=not success"
status not equal to done                                       | "status=not done"
language other than german                                     | "lang=not de"
calls longer than 5 min but shorter than 10                    | duration=301..599
calls over 5 minutes but under 10                              | duration=301..599
longer than 2 and shorter than 5 minutes                       | duration=121..299
at least 5 minutes but at most 10                              | duration=300..600
over 30 seconds but under 2 minutes                            | duration=31..119
# times as they are spoken
calls before 9 in the morning                                  | until=2026-11-19T09:00 since=2026-11-19
since 9 in the morning                                         | since=2026-11-19T09:00
since 9 in the evening yesterday                               | since=2026-11-18T21:00
calls yesterday after 3 in the afternoon                       | since=2026-11-18T15:00 until=2026-11-19
yesterday from 9 in the morning to 5 in the afternoon          | since=2026-11-18T09:00 until=2026-11-18T17:00
since 9am London time                                          | since=2026-11-19T10:00
since 9:00 Berlin time                                         | since=2026-11-19T09:00
calls today 9:00 to 10:00 London time                          | since=2026-11-19T10:00 until=2026-11-19T11:00
since 7am New York time                                        | since=2026-11-19T13:00
since 9am Narnia time                                          | since=2026-11-19T09:00 unknown=Narnia unknown=time
mid november                                                   | problem=days
calls in mid october                                           | problem=days
since half past nine                                           | since=2026-11-19T09:30
since half past 9 yesterday                                    | since=2026-11-18T09:30
since quarter past nine                                        | since=2026-11-19T09:15
since quarter to ten                                           | since=2026-11-19T09:45
last 3 business days                                           | problem=weekends
last 5 working days                                            | problem=weekends
"""
