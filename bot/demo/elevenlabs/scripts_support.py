"""What the English support agent of Aurora Home talks about."""

from __future__ import annotations

from bot.demo.elevenlabs.scenes import FINISHED, SILENCE, TOO_LONG, TRANSFERRED, scene

SUPPORT_EN = (
    scene(
        "en-refund-done",
        "Refund for order {order} confirmed",
        """
        S: {name} asked for a refund of ${amount} for a returned {product}. The agent found order {order},
           confirmed that the parcel had reached the warehouse and started the refund. The caller was
           satisfied.
        A: Thanks for calling Aurora Home support. How can I help you today?
        U: Hi, this is {name}. I sent back my {product} two weeks ago and I still don't have my money.
        A: I'm sorry about the wait. Could you give me the order number, please?
        U: Sure, it's {order}.
        T: order_lookup
        A: Thank you. I can see that your parcel reached our warehouse on {day}. Let me check the refund.
        T: refund_lookup
        A: The refund of ${amount} was approved this morning. It will be on your card within three working
           days.
        U: Great, that's all I wanted to know.
        A: You're welcome, have a lovely day!
        """,
        language="en",
        outcome="success",
        weight=16,
        ended=FINISHED,
        reason="refund",
        resolved=True,
    ),
    scene(
        "en-refund-stuck",
        "Refund not found for {order}",
        """
        S: {name} called about a missing refund for a {product}. The refund system did not answer twice, the
           agent could not say when the money would arrive, and the caller hung up annoyed.
        A: Thanks for calling Aurora Home support. How can I help you today?
        U: I was promised a refund for {order} and nothing happened.
        T: order_lookup
        A: I found the order. Let me look at the refund.
        T: refund_lookup failed: upstream timed out after 10 s
        A: That is taking longer than usual, one moment please.
        T: refund_lookup failed: upstream timed out after 10 s
        A: I'm afraid I can't reach the refund system right now. May I call you back?
        U: This is the third time I'm calling! Forget it.
        """,
        language="en",
        outcome="failure",
        weight=8,
        reason="refund",
        resolved=False,
    ),
    scene(
        "en-pairing",
        "Offline {product} paired again",
        """
        S: After a router change the {product} of {name} was offline. The agent walked through the reset and
           the pairing; the device showed as online before the call ended.
        A: Aurora Home support, what can I do for you?
        U: My {product} stopped showing up in the app after I changed my router.
        A: That's easily fixed. Please hold the side button for ten seconds until the light turns blue.
        U: Okay... yes, it's blue now.
        A: Perfect. In the app choose Add device, then your new network.
        U: It says connected!
        T: device_status
        A: I can see it online here as well. Anything else?
        U: No, thank you so much.
        """,
        language="en",
        outcome="success",
        weight=14,
        reason="device offline",
        resolved=True,
    ),
    scene(
        "en-human",
        "Caller asked for a person",
        """
        S: {name} did not want to speak to a virtual agent and asked for a colleague at once. The call was
           transferred to the front desk; the outcome is not known.
        A: Thanks for calling Aurora Home support. How can I help you today?
        U: I'd like to talk to a real person, please.
        A: Of course. May I ask what it is about, so that I can connect you to the right team?
        U: It's about the installation in {city}.
        T: transfer_to_number
        A: I'm connecting you now, please hold the line.
        """,
        language="en",
        outcome="unknown",
        weight=7,
        ended=TRANSFERRED,
        reason="other",
        resolved=False,
    ),
    scene(
        "en-ticket",
        "Ticket {ticket} opened for a noisy valve",
        """
        S: {name} reported a whistling valve. Remote checks found nothing unusual, so the agent opened
           ticket {ticket} and offered a visit by a technician on {day}.
        A: Aurora Home support, how may I help?
        U: The valve in our living room has been whistling since yesterday.
        A: I understand. Is it louder when the heating is turned up?
        U: Yes, much louder.
        T: device_status
        A: The pressure looks normal from here. I'll open a ticket for a technician.
        T: create_ticket
        A: Your ticket is number {ticket}. Could someone visit you on {day} at {time}?
        U: That works for me.
        """,
        language="en",
        outcome="success",
        weight=9,
        ended=FINISHED,
        reason="defect",
        resolved=True,
    ),
    scene(
        "en-silent",
        "No answer from the caller",
        """
        S: The caller did not say anything after the greeting. The call ended by itself after two questions.
        A: Thanks for calling Aurora Home support. How can I help you today?
        A: Hello, are you still there?
        A: I can't hear you. Please call again if you need help. Goodbye.
        """,
        language="en",
        outcome="failure",
        weight=5,
        ended=SILENCE,
    ),
    scene(
        "en-cancel",
        "Cancellation of the service plan went in circles",
        """
        S: {name} wanted to cancel the yearly service plan. The agent offered discounts several times
           instead of cancelling, and the conversation reached its maximum length.
        A: Aurora Home support, what can I do for you?
        U: I want to cancel my service plan.
        A: I'm sorry to hear that. I can offer you two months for free.
        U: No, just cancel it please.
        A: How about a lower rate of ${amount} a year?
        U: I said cancel. Please.
        T: cancel_plan failed: plan is locked by another operation
        A: Something went wrong on our side. Would you like to hear about our other plans?
        U: Unbelievable.
        """,
        language="en",
        outcome="failure",
        weight=5,
        ended=TOO_LONG,
        reason="cancellation",
        resolved=False,
    ),
)
