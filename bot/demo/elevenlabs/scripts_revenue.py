"""What the agents that sell and collect for Aurora Home talk about."""

from __future__ import annotations

from bot.demo.elevenlabs.scenes import FINISHED, SILENCE, VOICEMAIL, scene

SALES = (
    scene(
        "sales-quote",
        "Quote for a {product} sent to {name}",
        """
        S: {name} from {city} is renovating and asked for prices. The agent recommended the {product} with
           two sensors, sent a quote over ${amount} and agreed on a follow-up on {day}.
        A: Hi, this is Aurora Home. You asked us for more information about smart heating?
        U: Yes, we're renovating our house in {city}.
        A: Lovely! How many rooms would you like to control?
        U: Five, I think.
        T: check_inventory
        A: Then I'd recommend the {product} with two sensors. That would be ${amount} in total.
        U: That sounds fair. Can you send me that in writing?
        T: send_quote
        T: crm_update
        A: It's in your inbox. Shall we talk again on {day}?
        U: Sure, {day} at {time}.
        """,
        language="en",
        outcome="success",
        weight=12,
        ended=FINISHED,
        budget="medium",
        interested=True,
    ),
    scene(
        "sales-demo",
        "Showroom visit in {city} arranged",
        """
        S: {name} wants to see the {product} before buying. A visit of the showroom in {city} is arranged
           for {day}.
        A: Hello, Aurora Home here. Is this a good moment to talk?
        U: Two minutes, yes.
        A: You looked at the {product} on our website. Would you like to try it in our showroom?
        U: Is there one in {city}?
        T: find_slot
        A: Yes, and {day} at {time} is free.
        U: Let's do that.
        T: book_appointment
        A: Booked. See you on {day}!
        """,
        language="en",
        outcome="success",
        weight=8,
        ended=FINISHED,
        interested=True,
    ),
    scene(
        "sales-no",
        "Not interested, remove from the list",
        """
        S: {name} was not interested and asked not to be called again. The agent confirmed the removal.
        A: Hi, this is Aurora Home. You asked us for more information about smart heating?
        U: I don't think so. Please take me off your list.
        T: crm_update
        A: Of course, I've removed your number. Sorry for the disturbance.
        """,
        language="en",
        outcome="failure",
        weight=9,
        interested=False,
    ),
    scene(
        "sales-voicemail",
        "Voicemail, message left",
        """
        S: The call reached a voicemail box. A short message with the call-back number was left.
        A: Hi, this is Aurora Home, calling about your enquiry. Please call us back whenever it suits you.
        T: voicemail_detection
        """,
        language="en",
        outcome="unknown",
        weight=9,
        ended=VOICEMAIL,
    ),
    scene(
        "sales-crm",
        "Quote could not be sent to {name}",
        """
        S: {name} wanted a quote for the {product}, but the CRM refused the address twice. The caller will
           think about it.
        A: Hello, Aurora Home here. How can I help?
        U: I'd like an offer for the {product}.
        T: send_quote failed: email address rejected
        A: Could you spell your email address again, please?
        U: I already did that online.
        T: send_quote failed: email address rejected
        A: I'm sorry, I can't send it right now.
        """,
        language="en",
        outcome="failure",
        weight=4,
        interested=True,
    ),
)

COLLECTIONS = (
    scene(
        "collect-paid",
        "Invoice of ${amount} paid by link",
        """
        S: {name} had overlooked an invoice of ${amount}. The agent sent a payment link and the payment
           arrived during the call.
        A: Hello, this is Aurora Home about an open invoice. Am I speaking with {name}?
        U: Yes, that's me.
        A: An amount of ${amount} has been open since last month. May I send you a payment link?
        U: Oh, I forgot about that. Yes, send it.
        T: send_payment_link
        U: Okay, I've just paid it.
        T: payment_status
        A: I can see it already, thank you very much!
        """,
        language="en",
        outcome="success",
        weight=11,
        ended=FINISHED,
        promise=True,
    ),
    scene(
        "collect-promise",
        "Payment of ${amount} promised by {day}",
        """
        S: {name} promised to pay ${amount} by {day}. A reminder is set for the day before.
        A: Hello, this is Aurora Home about an open invoice. Am I speaking with {name}?
        U: Yes. I can pay when my salary arrives.
        A: When would that be?
        U: On {day}.
        T: promise_to_pay
        A: I've noted {day}. You'll get a reminder the day before.
        """,
        language="en",
        outcome="success",
        weight=9,
        ended=FINISHED,
        promise=True,
    ),
    scene(
        "collect-dispute",
        "Invoice {order} disputed",
        """
        S: {name} disputes the invoice of ${amount}: the {product} was never delivered. The case goes to a
           colleague.
        A: Hello, this is Aurora Home about an open invoice. Am I speaking with {name}?
        U: Yes, and I won't pay. The {product} never arrived!
        A: I'm sorry. Do you have the order number at hand?
        U: {order}.
        T: order_lookup failed: order not found
        A: I can't find it. A colleague will call you back.
        U: Please do.
        """,
        language="en",
        outcome="failure",
        weight=8,
        promise=False,
    ),
    scene(
        "collect-voicemail",
        "No answer, voicemail",
        """
        S: Nobody picked up. As required, no details were left on the voicemail.
        A: Hello, this is Aurora Home. Please call us back at your convenience.
        T: voicemail_detection
        """,
        language="en",
        outcome="unknown",
        weight=10,
        ended=VOICEMAIL,
    ),
    scene(
        "collect-wrong",
        "Falsche Nummer",
        """
        S: Unter der Nummer war eine andere Person erreichbar. Die Nummer ist zur Prüfung markiert.
        A: Guten Tag, hier ist Aurora Home. Spreche ich mit {name}?
        U: Nein, da haben Sie sich verwählt.
        T: flag_number
        A: Entschuldigen Sie bitte die Störung.
        """,
        language="de",
        outcome="failure",
        weight=4,
        ended=SILENCE,
        promise=False,
    ),
)
